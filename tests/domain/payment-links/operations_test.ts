import assert from "node:assert/strict";
import type { PaymentLinkView } from "../../../src/domain/payment-links/contract.ts";
import type { CallOptions } from "../../support/client.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { createLink, getLink, LinkVisit } from "../../support/links.ts";

const list = async (run: InProcess, query = "", options: CallOptions = {}) =>
  (await run.call<{ data: PaymentLinkView[]; next_cursor: string | null }>(
    "GET",
    `/v1/payment-links${query}`,
    undefined,
    options,
  ))
    .body;
const change = <T = PaymentLinkView>(run: InProcess, id: string, body: unknown, options: CallOptions = {}) =>
  run.call<T>("PATCH", `/v1/payment-links/${id}`, body, options);

Deno.test("a link has a short address, a QR code of it, and is read back alone and in the list", () =>
  inProcess(async (run) => {
    const link = await createLink(run, { expires_at: "2030-01-01T00:00:00+03:00" });
    assert.match(link.id, /^lnk_/);
    assert.match(link.url, /^http:\/\/127\.0\.0\.1:8000\/p\/[2-9a-hjkmnp-z]{8}$/);
    assert.match(link.qr, /^<svg /);
    assert.deepEqual([link.status, link.amount, link.currency, link.shortcode, link.reusable, link.version], [
      "active",
      150_000,
      "KES",
      "600000",
      false,
      1,
    ]);
    assert.deepEqual([link.expires_at, link.times_paid, link.amount_received], ["2029-12-31T21:00:00.000Z", 0, 0]);
    assert.deepEqual(await getLink(run, link.id), link);
    const open = await createLink(run, { amount: undefined, reusable: true, shortcode: "500000" });
    assert.deepEqual([open.amount, open.shortcode], [null, "500000"]);
    assert.deepEqual((await list(run)).data.map(({ id }) => id), [open.id, link.id]);
    assert.deepEqual((await list(run, "?q=Rent")).data.length, 2);
    assert.deepEqual((await list(run, `?q=${new URL(link.url).pathname.slice(3)}`)).data, [link]);
    const csv = await run.call<string>("GET", "/v1/payment-links", undefined, { headers: { accept: "text/csv" } });
    assert.match(csv.body, /amount_kes/);
  }));

Deno.test("a change counts from now on, has a version, and is in the audit trail", () =>
  inProcess(async (run) => {
    const { id } = await createLink(run);
    const changed = await change(run, id, { amount: 200_000, description: "Rent, house 14", reusable: true });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.deepEqual([changed.body.amount, changed.body.description, changed.body.reusable, changed.body.version], [
      200_000,
      "Rent, house 14",
      true,
      2,
    ]);
    assert.equal((await change(run, id, { amount: null })).body.amount, null);
    assert.equal((await change(run, id, { status: "disabled" })).body.status, "disabled");
    assert.equal(
      (await change(run, id, { status: "active", expires_at: "2030-01-01T00:00:00Z" })).body.status,
      "active",
    );
    assert.equal((await change(run, id, { expires_at: null })).body.expires_at, null);
    assert.equal(await run.count("audit WHERE action LIKE 'payment_link.%'"), 6);
  }));

Deno.test("one Idempotency-Key makes one link", () =>
  inProcess(async (run) => {
    const [first, again] = [await createLink(run, {}, { key: "a" }), await createLink(run, {}, { key: "a" })];
    assert.deepEqual(again, first);
    assert.equal(await run.count("payment_links"), 1);
  }));

Deno.test("what makes no sense is refused, and names its field", () =>
  inProcess(async (run) => {
    const good = { amount: 150_000, currency: "KES", description: "Rent" };
    const cases: readonly (readonly [unknown, string])[] = [
      [{ ...good, amount: 50 }, "/amount"],
      [{ ...good, amount: 0 }, "/amount"],
      [{ ...good, amount: 1_000_000_000_00 }, "/amount"],
      [{ ...good, currency: "USD" }, "/currency"],
      [{ ...good, description: "" }, "/description"],
      [{ ...good, description: "x".repeat(81) }, "/description"],
      [{ ...good, description: "a\u0007b" }, "/description"],
      [{ ...good, expires_at: "2020-01-01T00:00:00Z" }, "/expires_at"],
      [{ ...good, expires_at: "tomorrow" }, "/expires_at"],
      [{ ...good, reusable: "yes" }, "/reusable"],
      [{ ...good, shortcode: "999999" }, "/shortcode"],
      [{ ...good, code: "aaaaaaaa" }, "/code"],
    ];
    for (const [body, pointer] of cases) {
      const { status, body: problem } = await run.call<ProblemBody>("POST", "/v1/payment-links", body);
      assert.deepEqual([status, problem.errors?.[0]?.pointer], [422, pointer], JSON.stringify(body).slice(0, 80));
    }
    const { id } = await createLink(run);
    for (
      const [body, pointer] of [[{ amount: 50 }, "/amount"], [{ status: "paid" }, "/status"], [{
        expires_at: "2020-01-01T00:00:00Z",
      }, "/expires_at"]]
    ) {
      const { status, body: problem } = await change<ProblemBody>(run, id as string, body);
      assert.deepEqual([status, problem.errors?.[0]?.pointer], [422, pointer]);
    }
    assert.equal(await run.count("payment_links"), 1);
  }));

Deno.test("links are their merchant's: another one sees none, and a token needs its scope", () =>
  inProcess(async (run) => {
    const { id, url } = await createLink(run);
    const code = async (method: string, path: string, body: unknown, options: CallOptions) => {
      const answer = await run.call<ProblemBody>(method, path, body, options);
      return [answer.status, answer.body.code];
    };
    const other = { client: "cli_other" } as const;
    assert.deepEqual(await code("GET", `/v1/payment-links/${id}`, undefined, other), [404, "not_found"]);
    assert.deepEqual(await code("PATCH", `/v1/payment-links/${id}`, { amount: 100 }, other), [404, "not_found"]);
    assert.deepEqual((await list(run, "", other)).data, []);
    const reader = { token: await run.token("cli_demo", "checkouts:read") };
    const stranger = { token: await run.token("cli_demo", "payments:read") };
    assert.deepEqual(await code("POST", "/v1/payment-links", {}, reader), [403, "insufficient_scope"]);
    assert.deepEqual(await code("PATCH", `/v1/payment-links/${id}`, {}, reader), [403, "insufficient_scope"]);
    assert.deepEqual(await code("GET", `/v1/payment-links/${id}`, undefined, stranger), [403, "insufficient_scope"]);
    assert.deepEqual(await code("GET", "/v1/payment-links", undefined, { client: null }), [401, "token_missing"]);
    assert.equal((await list(run, "", reader)).data.length, 1);
    assert.equal((await new LinkVisit(run, url).look()).status, 200, "and everybody may open the page");
  }));
