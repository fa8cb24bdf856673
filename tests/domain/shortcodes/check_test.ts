import assert from "node:assert/strict";
import type { Finding } from "../../../src/domain/shortcodes/contract.ts";
import { objectionToUrl } from "../../../src/domain/shortcodes/urls.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";

const PAYBILL = "sho_01kamcvd000000000000000001";
const TILL = "sho_01kamcvd000000000000000002";

interface Checked {
  readonly ok: boolean;
  readonly shortcode: string;
  readonly checks: readonly Finding[];
}

async function check(run: InProcess, id = PAYBILL): Promise<Checked> {
  const { status, body } = await run.call<Checked>("POST", `/v1/shortcodes/${id}/check`);
  assert.equal(status, 200);
  for (const { ok, detail, remedy } of body.checks) {
    assert.ok(detail.length > 10);
    if (ok === false) assert.ok(remedy !== null && remedy.length > 10, detail);
  }
  return body;
}

const of = ({ checks }: Checked, name: Finding["check"]) => checks.find((finding) => finding.check === name)?.ok;
const change = async (run: InProcess, id: string, body: unknown) =>
  assert.equal((await run.call("PATCH", `/v1/shortcodes/${id}`, body)).status, 200);

Deno.test("a shortcode that is set up well has nothing wrong", async () => {
  await inProcess(async (run) => {
    for (const id of [PAYBILL, TILL]) {
      const checked = await check(run, id);
      assert.equal(checked.ok, true, JSON.stringify(checked));
      assert.deepEqual(
        ["token", "passkey", "security_credential", "numbers"].map((name) => of(checked, name as "token")),
        [
          true,
          true,
          true,
          true,
        ],
      );
    }
    const phones = run.simulator.world.requests.list().flatMap(({ phone }) => phone ?? []);
    assert.deepEqual(phones, [], "no phone rang");
    assert.deepEqual(run.simulator.world.transactions.list(), [], "nothing moved");
  });
});

Deno.test("a wrong consumer secret, passkey and certificate are each found and named", async () => {
  await inProcess(async (run) => {
    await change(run, PAYBILL, { consumer_secret: "wrong-secret" });
    const noToken = await check(run);
    assert.deepEqual([noToken.ok, of(noToken, "token"), of(noToken, "passkey")], [false, false, null]);
    await change(run, PAYBILL, { consumer_secret: "demo-consumer-secret", passkey: "wrong-passkey" });
    const noPasskey = await check(run);
    assert.deepEqual([noPasskey.ok, of(noPasskey, "token"), of(noPasskey, "passkey")], [false, true, false]);
    await change(run, PAYBILL, { certificate: null });
    assert.equal(of(await check(run), "security_credential"), false);
    await change(run, PAYBILL, { initiator_name: null, initiator_password: null });
    assert.equal(of(await check(run), "security_credential"), null);
  });
});

Deno.test("a till with swapped numbers is found", async () => {
  await inProcess(async (run) => {
    await run.call("DELETE", `/v1/shortcodes/${TILL}`);
    const { body } = await run.call<{ id: string }>("POST", "/v1/shortcodes", {
      kind: "till",
      number: "500001",
      store_number: "500000",
      name: "Swapped",
      consumer_key: "demo-consumer-key",
      consumer_secret: "demo-consumer-secret",
      passkey: "500001d1e0a5c0ffee500001d1e0a5c0ffee500001d1e0a5c0ffee500001d1e0",
    });
    const checked = await check(run, body.id);
    assert.equal(of(checked, "passkey"), false);
    assert.match(checked.checks.find((f) => f.check === "passkey")?.remedy ?? "", /are swapped/);
  });
});

Deno.test("while Daraja is away nothing is called wrong that could not be tried", async () => {
  let away = false;
  const daraja = () => away ? new Response("<html>", { status: 503 }) : null;
  await inProcess(async (run) => {
    await change(run, PAYBILL, { consumer_secret: "one-without-a-token" });
    away = true;
    const checked = await check(run);
    assert.deepEqual([checked.ok, of(checked, "token"), of(checked, "passkey")], [true, null, null]);
  }, { daraja });
});

Deno.test("addresses that Daraja will not call are named with the reason", () => {
  const wrong: [string, RegExp][] = [
    ["http://127.0.0.1:8000", /this machine/],
    ["https://localhost", /this machine/],
    ["https://192.168.1.5", /public internet/],
    ["https://10.0.0.1", /public internet/],
    ["https://shop.local", /public internet/],
    ["https://intranet", /public internet/],
    ["https://mpesa.shop.co.ke", /"mpesa"/],
    ["https://executive.co.ke", /"exe"/],
    ["https://sqlshop.co.ke", /"sql"/],
    ["https://a1.ngrok.io", /tunnel/],
    ["http://pay.shop.co.ke", /not https/],
  ];
  for (const [url, reason] of wrong) assert.match(objectionToUrl(url) ?? "", reason, url);
  assert.equal(objectionToUrl("https://pay.shop.co.ke"), null);
});
