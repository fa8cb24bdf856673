import assert from "node:assert/strict";
import type { ReconciliationDetail, ReconciliationView } from "../../../src/domain/reconciliations/contract.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { allPayments, awaiting, createCheckout, getCheckout, pay } from "./support.ts";

const isConfirmation = (request: Request): boolean => /\/notify\/03/.test(request.url);

Deno.test("after one reconciliation the payments equal M-Pesa's books, receipt by receipt, though a third of the confirmations was lost", async () => {
  let dropped = 0;
  const callback = (request: Request) => {
    if (!isConfirmation(request) || Math.random() >= 0.3) return null;
    dropped += 1;
    return new Response("lost", { status: 502 });
  };
  await inProcess(async (run) => {
    for (let i = 0; i < 20; i++) await awaiting(run, `ORD${i}`, 100_00);
    for (let i = 0; i < 1_000; i++) await pay(run, `ORD${i}`, i < 20 ? 100 : 50 + i);
    const books = run.simulator.world.transactions.list();
    assert.equal(books.length, 1_000);
    assert.equal((await allPayments(run)).length, 1_000 - dropped);
    assert.ok(dropped > 200, `only ${dropped} were dropped`);

    const started = await run.call<ReconciliationView>("POST", "/v1/reconciliations", { shortcode: "600000" });
    assert.equal(started.status, 202);
    assert.equal(started.body.status, "queued");
    await run.pass(60_000);
    const { body } = await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${started.body.id}`);
    assert.equal(body.status, "completed");
    assert.deepEqual(
      [body.seen, body.matched, body.created, body.differing],
      [1_000, 1_000 - dropped, dropped, 0],
    );
    assert.ok(body.findings.every(({ outcome }) => outcome === "created"));

    const ours = (await allPayments(run)).map((p) => [p.receipt, p.amount, p.account_reference]).toSorted();
    const theirs = books.map((t) => [t.receipt, t.amount * 100, t.account_reference]).toSorted();
    assert.deepEqual(ours, theirs);
    const paid = await run.call<{ data: unknown[] }>("GET", "/v1/checkouts?status=succeeded&limit=100");
    assert.equal(paid.body.data.length, 20);
  }, { callback });
});

const start = async (run: InProcess, body: Record<string, unknown> = {}): Promise<ReconciliationDetail> => {
  const { status, body: started } = await run.call<ReconciliationView>("POST", "/v1/reconciliations", body);
  assert.equal(status, 202, JSON.stringify(started));
  await run.pass(60_000);
  return (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${started.id}`)).body;
};
const lost = (request: Request) => isConfirmation(request) ? new Response("lost", { status: 502 }) : null;

Deno.test("the hourly reconciliation finds what was lost, and the next one finds nothing new", async () => {
  await inProcess(async (run) => {
    const checkout = await awaiting(run, "INV-7");
    await pay(run, "inv 7", 1500);
    assert.equal((await getCheckout(run, checkout.id)).status, "open");
    await run.sweep();
    await run.pass(3_600_000 + 60_000);
    const [payment] = await allPayments(run);
    assert.deepEqual([payment?.channel, payment?.status, payment?.checkout], ["pull", "matched", checkout.id]);
    assert.equal((await getCheckout(run, checkout.id)).status, "succeeded");
    await run.pass(3_600_000);
    const { body } = await run.call<{ data: ReconciliationView[] }>("GET", "/v1/reconciliations?shortcode=600000");
    assert.deepEqual(body.data.map((r) => [r.started_by, r.status, r.seen, r.matched, r.created]), [
      ["system", "completed", 1, 1, 0],
      ["system", "completed", 1, 0, 1],
    ]);
    const [second, first] = body.data;
    assert.ok(Date.parse(second?.from ?? "") < Date.parse(first?.to ?? ""), "the windows overlap");
  }, { callback: lost });
});

Deno.test("a payment known only by a query takes its receipt from the pull, and stays one", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "254700009001" });
    await run.pass(60_000);
    const before = await getCheckout(run, id);
    assert.deepEqual([before.status, before.payment?.receipt], ["succeeded", null]);
    const { created, matched, findings } = await start(run);
    assert.deepEqual([created, matched, findings.map(({ outcome }) => outcome)], [0, 1, ["completed"]]);
    const after = await getCheckout(run, id);
    assert.equal(after.payment?.id, before.payment?.id);
    assert.equal(after.payment?.receipt, run.simulator.world.transactions.list()[0]?.receipt);
    assert.equal((await allPayments(run)).length, 1);
  });
});

Deno.test("drift is reported and nothing is repaired: another amount, and a payment that M-Pesa does not name", async () => {
  await inProcess(async (run) => {
    const { receipt } = await pay(run, "A-1", 700);
    await run.pass(60 * 60_000);
    const [known] = await allPayments(run);
    await run.db.write([
      { sql: "UPDATE payments SET amount = 80000 WHERE id = ?", args: [known?.id ?? ""] },
      {
        sql:
          "INSERT INTO payments (id, merchant_id, shortcode_id, receipt, channel, status, amount, currency, paid_at, " +
          "created_at, updated_at) SELECT 'pay_01kamcvd00000000000000000a', merchant_id, shortcode_id, 'UKM0000FAK', " +
          "channel, status, amount, currency, paid_at, created_at, updated_at FROM payments LIMIT 1",
        args: [],
      },
    ]);
    const { differing, matched, findings } = await start(run);
    assert.deepEqual([differing, matched], [2, 0]);
    assert.deepEqual(
      findings.map((f) => [f.receipt, f.outcome, f.ours, f.theirs]).toSorted(),
      [[receipt, "differs", 80_000, 70_000], ["UKM0000FAK", "missing", 80_000, null]].toSorted(),
    );
    assert.equal((await allPayments(run)).length, 2);
    assert.equal(run.logged("reconciliation_differs").length, 1);
  });
});

Deno.test("a pull that Daraja refuses fails with its reason, and one that finds it away is tried again", async () => {
  let mode: "refused" | "away" | "fine" = "refused";
  const daraja = (request: Request) => {
    if (!request.url.includes("/pulltransactions/v1/query") || mode === "fine") return null;
    if (mode === "away") return new Response("<html>", { status: 503 });
    const refused = { requestId: "1", errorCode: "401.003.01", errorMessage: "no apiproduct match found" };
    return Response.json(refused, { status: 401 });
  };
  await inProcess(async (run) => {
    await pay(run, "A-1", 700);
    const refused = await start(run);
    assert.equal(refused.status, "failed");
    assert.match(refused.problem ?? "", /product/);
    mode = "away";
    const waiting = await start(run);
    assert.equal(waiting.status, "queued");
    mode = "fine";
    await run.pass(10 * 60_000);
    const { body } = await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${waiting.id}`);
    assert.deepEqual([body.status, body.matched], ["completed", 1]);
  }, { daraja });
});

Deno.test("an answer that ignores the offset ends the reconciliation instead of being asked for ever", async () => {
  const row = (receipt: string) => ({
    transactionId: receipt,
    trxDate: "2026-11-20T10:00:00.000Z",
    msisdn: 254712345678,
    sender: "JANE",
    transactiontype: "c2b-pay-bill-debit",
    billreference: "X",
    amount: "10.00",
    organizationname: "Demo Shop",
  });
  const page = {
    ResponseRefID: "1",
    ResponseCode: "1000",
    ResponseMessage: "Success",
    Response: [[row("UKM0000AAA")]],
  };
  let asked = 0;
  const daraja = (request: Request) => {
    if (!request.url.includes("/pulltransactions/v1/query")) return null;
    asked += 1;
    return Response.json(page);
  };
  await inProcess(async (run) => {
    const { status, created, seen } = await start(run);
    assert.deepEqual([status, created, seen, asked], ["completed", 1, 1, 2]);
  }, { daraja });
});

Deno.test("a reconciliation is refused where it can't be: too old, backwards, unknown or unpulled shortcode", async () => {
  await inProcess(async (run) => {
    const wrong = async (body: unknown) => {
      const answer = await run.call<ProblemBody>("POST", "/v1/reconciliations", body);
      return [answer.status, answer.body.errors?.[0]?.pointer];
    };
    const ago = (hours: number) => new Date(run.time.now() - hours * 3_600_000).toISOString();
    assert.deepEqual(await wrong({ from: ago(60) }), [422, "/from"]);
    assert.deepEqual(await wrong({ from: ago(1), to: ago(2) }), [422, "/to"]);
    assert.deepEqual(await wrong({ from: "yesterday" }), [422, "/from"]);
    assert.deepEqual(await wrong({ shortcode: "600001" }), [422, "/shortcode"]);
    await run.call("PATCH", "/v1/shortcodes/sho_01kamcvd000000000000000002", { nominated_number: null });
    assert.deepEqual(await wrong({ shortcode: "500000" }), [422, "/shortcode"]);
  });
});

Deno.test("reconciliations of another merchant are not there, and reading and starting take their scopes", async () => {
  await inProcess(async (run) => {
    const { id } = await start(run);
    const foreign = await run.call("GET", `/v1/reconciliations/${id}`, undefined, { client: "cli_other" });
    assert.equal(foreign.status, 404);
    const list = await run.call<{ data: unknown[] }>("GET", "/v1/reconciliations", undefined, { client: "cli_other" });
    assert.deepEqual(list.body.data, []);
    const theirs = await run.call("POST", "/v1/reconciliations", { shortcode: "600000" }, { client: "cli_other" });
    assert.equal(theirs.status, 422);
    const token = await run.token("cli_demo", "payments:read");
    assert.equal((await run.call("POST", "/v1/reconciliations", {}, { token })).status, 403);
    assert.equal((await run.call("GET", "/v1/reconciliations", undefined, { client: "cli_approver" })).status, 403);
    assert.equal((await run.call("GET", "/v1/reconciliations", undefined, { client: null })).status, 401);
  });
});

Deno.test("a repeated start with one key is one reconciliation", async () => {
  await inProcess(async (run) => {
    const key = crypto.randomUUID();
    const once = await run.call<ReconciliationView>("POST", "/v1/reconciliations", {}, { key });
    const again = await run.call<ReconciliationView>("POST", "/v1/reconciliations", {}, { key });
    assert.equal(again.headers.get("idempotent-replayed"), "true");
    assert.equal(again.body.id, once.body.id);
    assert.equal(await run.count("reconciliations"), 1);
  });
});
