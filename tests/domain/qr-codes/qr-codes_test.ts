import assert from "node:assert/strict";
import { qrText } from "../../../src/domain/qr-codes/create-qr-code.ts";
import { inProcess } from "../../support/in-process.ts";

const body = { amount: 150_000, currency: "KES", reference: "INV1001" };
interface QrCode {
  readonly png: string | null;
  readonly svg: string;
}

Deno.test("a code comes as Safaricom's PNG and as our own SVG", () =>
  inProcess(async (run) => {
    const { status, body: code } = await run.call<QrCode>("POST", "/v1/qr-codes", body);
    assert.equal(status, 200);
    assert.deepEqual(Uint8Array.fromBase64(code.png ?? "").slice(1, 4), new TextEncoder().encode("PNG"));
    assert.match(code.svg, /^<svg [^]*<\/svg>$/);
    const sent = run.simulator.world.requests.list().find(({ operation }) => operation === "qr")?.body;
    const { TrxCode, CPI, Amount, RefNo } = sent as Record<string, unknown>;
    assert.deepEqual([TrxCode, CPI, Amount, RefNo], ["PB", "600000", 1500, "INV1001"]);
  }));

Deno.test("a till's code is one for goods", () =>
  inProcess(async (run) => {
    await run.call("POST", "/v1/qr-codes", { ...body, shortcode: "500000" });
    const sent = run.simulator.world.requests.list().find(({ operation }) => operation === "qr")?.body;
    const { TrxCode, CPI } = sent as Record<string, unknown>;
    assert.deepEqual([TrxCode, CPI], ["BG", "500000"]);
  }));

Deno.test("our own code says in words what to pay, where and for which account", () => {
  const shop = { kind: "paybill", number: "600000", name: "Demo Shop" } as const;
  const words = qrText(shop, { amount: 150_000, reference: "INV1001" });
  assert.equal(words, "M-PESA, Pay Bill: business 600000 (Demo Shop), account INV1001, KES 1500");
});

for (
  const [name, answer] of [
    ["is unreachable", () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }))],
    ["answers an HTML 503", () => new Response("<html>Service Unavailable</html>", { status: 503 })],
  ] as const
) {
  Deno.test(`our own code comes also while Daraja ${name}`, () =>
    inProcess(async (run) => {
      const { status, body: code } = await run.call<QrCode>("POST", "/v1/qr-codes", body);
      assert.deepEqual([status, code.png], [200, null]);
      assert.match(code.svg, /^<svg /);
    }, { daraja: (request) => request.url.includes("/qrcode/") ? answer() : null }));
}

Deno.test("a code is refused for wrong fields, another's shortcode, and without the scope", () =>
  inProcess(async (run) => {
    for (const [field, value] of [["amount", 150], ["reference", ""], ["shortcode", "600001"], ["currency", "USD"]]) {
      const { status, body: problem } = await run.call<{ errors: { pointer: string }[] }>("POST", "/v1/qr-codes", {
        ...body,
        [String(field)]: value,
      });
      assert.deepEqual([status, problem.errors[0]?.pointer], [422, `/${field}`]);
    }
    const token = await run.token("cli_demo", "checkouts:read");
    assert.equal((await run.call("POST", "/v1/qr-codes", body, { token })).status, 403);
    assert.equal((await run.call("POST", "/v1/qr-codes", body, { client: null })).status, 401);
  }));
