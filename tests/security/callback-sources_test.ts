import assert from "node:assert/strict";
import { createCheckout } from "../support/checkouts.ts";
import { askRefund, checkLedger } from "../support/money.ts";
import { interrupted } from "../support/interrupted.ts";
import { importStatement } from "../support/statements.ts";
import { type InProcess, inProcess, type InProcessOptions, type ProblemBody } from "../support/in-process.ts";

/* Whoever learns a C2B address can report payments that never were. What they report settles nothing. */

const PAYBILL = "sho_01kamcvd000000000000000001";
const SAFARICOM = "196.201.214.200";
const ELSEWHERE = "203.0.113.9";
const MINUTE = 60_000;

interface Report {
  readonly receipt: string;
  readonly amount?: number;
  readonly account: string;
}

const confirmation = ({ receipt, amount = 1_500, account }: Report): string =>
  JSON.stringify({
    TransactionType: "Pay Bill",
    TransID: receipt,
    TransTime: "20261201043000",
    TransAmount: `${amount}.00`,
    BusinessShortCode: "600000",
    BillRefNumber: account,
    MSISDN: "254 ***** 678",
    FirstName: "Jane",
  });

const report = (run: InProcess, from: string, given: Report, version = 1) =>
  run.notify(run.services.capabilities.mint("c2b_confirmation", PAYBILL, version), confirmation(given), {
    "x-forwarded-for": from,
  });
const statusOf = async (run: InProcess, id: string) =>
  (await run.call<{ status: string }>("GET", `/v1/checkouts/${id}`)).body.status;
const payments = (run: InProcess) => run.count("payments");
const unmatched = (run: InProcess) =>
  run.sql("SELECT receipt, account_reference FROM payments WHERE status = 'unmatched' ORDER BY receipt");
const options = (sources: string, more: InProcessOptions = {}): InProcessOptions => ({
  ...more,
  env: { CALLBACK_SOURCES: sources, TRUSTED_PROXIES: "1", VERIFY_FROM_KES: "10000", ...more.env },
});
/** Pays at the simulator without telling, as if the confirmation were the one that the test reports. */
async function payUnheard(run: InProcess, account: string, amount: number): Promise<string> {
  const paid = await run.simulator.app.request("http://127.0.0.1:8001/_simulator/c2b", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ shortcode: "600000", amount, phone: "254712345678", account_reference: account }),
  });
  const { receipt } = await paid.json();
  return receipt;
}
const isConfirmation = (run: () => InProcess | null) => (request: Request): Response | null => {
  const service = run();
  if (service === null) return null;
  const address = new URL(request.url).pathname.split("/").at(-1) ?? "";
  const kind = service.services.capabilities.verify(address)?.kind;
  return kind === "c2b_confirmation" && request.headers.get("x-forwarded-for") === null
    ? Response.json({ ResultCode: 0 })
    : null;
};

Deno.test("verify: a made-up confirmation settles nothing, is asked after, stays visible, and is quarantined if M-Pesa denies it", () =>
  inProcess(async (run) => {
    const { id, account_reference: account } = await createCheckout(run, { amount: 150_000, expires_in: 86_400 });
    await report(run, ELSEWHERE, { receipt: "UL1ABCDE01", account });
    await run.pass(5 * MINUTE);
    assert.deepEqual([await statusOf(run, id), await payments(run)], ["open", 0]);
    const { body } = await run.call<{ data: { status: string; problem: string | null }[] }>(
      "GET",
      "/v1/notices?status=stored",
      undefined,
      { client: "cli_operator" },
    );
    assert.deepEqual(body.data.map(({ status, problem }) => [status, problem]), [["stored", "awaiting_proof"]]);
    await run.pass(20 * MINUTE);
    assert.equal(run.logged("confirmation_unproven")[0]?.level, "alert");
    const asked = run.simulator.world.requests.list().filter(({ operation }) => operation === "status");
    assert.ok(asked.length >= 3);
    await run.pass(72 * 60 * MINUTE);
    assert.deepEqual([await payments(run), await run.count("jobs WHERE kind = 'notice'")], [0, 1], "it never gives up");
  }, options("verify")));

Deno.test("verify: what M-Pesa confirms is recorded, and pays once its list names the account; not with another amount", () => {
  let service: InProcess | null = null;
  return inProcess(async (run) => {
    service = run;
    const { id, account_reference: account } = await createCheckout(run, { amount: 150_000, expires_in: 86_400 });
    const receipt = await payUnheard(run, account, 1_500);
    const other = await createCheckout(run, { amount: 900_000, reference: "other", expires_in: 86_400 });
    const small = await payUnheard(run, other.account_reference, 10);
    await report(run, ELSEWHERE, { receipt, account });
    await report(run, ELSEWHERE, { receipt: small, amount: 9_000, account: other.account_reference });
    assert.equal(await payments(run), 0);
    await run.pass(MINUTE);
    assert.deepEqual(await unmatched(run), [[receipt, null]]);
    assert.equal(run.logged("payment_account_unproven")[0]?.level, "alert");
    const [row] = await run.sql("SELECT status, problem FROM notices WHERE proof = 'refuted'");
    assert.deepEqual(row, ["quarantined", "refuted_by_mpesa"]);
    await run.call("POST", "/v1/reconciliations", { shortcode: "600000" });
    await run.pass(2 * 60 * MINUTE);
    assert.equal(await statusOf(run, id), "succeeded");
    assert.deepEqual([await statusOf(run, other.id), await checkLedger(run)], ["open", []]);
  }, { ...options("verify"), callback: isConfirmation(() => service) });
});

Deno.test("verify: a true receipt with another account of the merchant pays no order, and its own when Safaricom names it", () => {
  let service: InProcess | null = null;
  return inProcess(async (run) => {
    service = run;
    const mine = await createCheckout(run, { amount: 150_000, expires_in: 86_400 });
    const theirs = await createCheckout(run, { amount: 150_000, reference: "theirs", expires_in: 86_400 });
    const receipt = await payUnheard(run, theirs.account_reference, 1_500);
    const forged = { receipt, account: mine.account_reference };
    await report(run, ELSEWHERE, forged);
    await run.pass(MINUTE);
    assert.deepEqual([await statusOf(run, mine.id), await statusOf(run, theirs.id)], ["open", "open"]);
    const [payment] = (await run.sql("SELECT id FROM payments")).flat();
    assert.equal((await askRefund(run, String(payment))).status, 409);
    await report(run, SAFARICOM, { receipt, account: theirs.account_reference });
    await report(run, ELSEWHERE, { ...forged, account: `${mine.account_reference} ` });
    await run.pass(MINUTE);
    assert.deepEqual([await statusOf(run, mine.id), await statusOf(run, theirs.id)], ["open", "succeeded"]);
    assert.deepEqual([await payments(run), await checkLedger(run)], [1, []]);
  }, { ...options("verify"), callback: isConfirmation(() => service) });
});

Deno.test("verify: a person places money whose account is not proven, and a copy from Safaricom of the same message places it alone", () => {
  let service: InProcess | null = null;
  return inProcess(async (run) => {
    service = run;
    const orders = [await createCheckout(run), await createCheckout(run, { reference: "second" })];
    const receipts = [];
    for (const { account_reference: account } of orders) receipts.push(await payUnheard(run, account, 1_500));
    const told = receipts.map((receipt, i) => ({ receipt, account: orders[i]?.account_reference ?? "" }));
    for (const one of told) await report(run, ELSEWHERE, one);
    await run.pass(MINUTE);
    assert.equal((await unmatched(run)).length, 2);
    const [first] = (await run.sql("SELECT id FROM payments WHERE receipt = ?", receipts[0] ?? "")).flat();
    assert.equal((await run.call("POST", `/v1/payments/${first}/match`, { checkout: orders[0]?.id })).status, 200);
    for (const one of told) await report(run, SAFARICOM, one);
    await run.sweep();
    assert.deepEqual(await Promise.all(orders.map(({ id }) => statusOf(run, id))), ["succeeded", "succeeded"]);
    assert.deepEqual([await payments(run), await checkLedger(run)], [2, []]);
  }, { ...options("verify"), callback: isConfirmation(() => service) });
});

Deno.test("verify: a copy from Safaricom that comes while the first one is recorded places the money too", async () => {
  let service: InProcess | null = null;
  const { planned, options: more } = interrupted("before write", ({ sql }) => /INSERT INTO .?payments/.test(sql));
  await inProcess(async (run) => {
    service = run;
    const { id, account_reference: account } = await createCheckout(run);
    const one = { receipt: await payUnheard(run, account, 1_500), account };
    planned.happens = () => report(run, SAFARICOM, one);
    await report(run, ELSEWHERE, one);
    await run.pass(MINUTE);
    assert.deepEqual([planned.happens, await statusOf(run, id)], [null, "succeeded"]);
    assert.deepEqual([await payments(run), await checkLedger(run)], [1, []]);
  }, { ...options("verify", more), callback: isConfirmation(() => service) });
});

Deno.test("verify: a small one from Safaricom settles at once, a large one waits; a copy from Safaricom vouches for the source", () =>
  inProcess(async (run) => {
    await report(run, SAFARICOM, { receipt: "UL1ABCDE02", account: "A" });
    await report(run, SAFARICOM, { receipt: "UL1ABCDE03", amount: 20_000, account: "B" });
    await report(run, ELSEWHERE, { receipt: "UL1ABCDE04", account: "C" });
    await run.idle();
    assert.deepEqual((await run.sql("SELECT receipt FROM payments")).flat(), ["UL1ABCDE02"]);
    await report(run, SAFARICOM, { receipt: "UL1ABCDE04", account: "C" });
    await run.pass(MINUTE);
    assert.deepEqual((await run.sql("SELECT receipt FROM payments ORDER BY receipt")).flat(), [
      "UL1ABCDE02",
      "UL1ABCDE04",
    ]);
  }, options("verify")));

Deno.test("verify: while M-Pesa can't be asked the confirmation waits, and M-Pesa's own list proves it", () => {
  let away = false;
  const daraja = (request: Request) =>
    away && new URL(request.url).pathname.includes("transactionstatus")
      ? new Response("<html>", { status: 503 })
      : null;
  let service: InProcess | null = null;
  return inProcess(async (run) => {
    service = run;
    const { id, account_reference: account } = await createCheckout(run, { amount: 150_000, expires_in: 86_400 });
    const receipt = await payUnheard(run, account, 1_500);
    away = true;
    await report(run, ELSEWHERE, { receipt, account });
    await run.pass(30 * MINUTE);
    assert.deepEqual([await statusOf(run, id), await payments(run)], ["open", 0]);
    await run.call("POST", "/v1/reconciliations", { shortcode: "600000" });
    await run.pass(2 * 60 * MINUTE);
    assert.deepEqual([await statusOf(run, id), await payments(run)], ["succeeded", 1]);
    assert.equal(await run.count("notices WHERE status = 'stored'"), 0, "the confirmation added its details");
  }, { ...options("verify"), daraja, callback: isConfirmation(() => service) });
});

Deno.test("enforce: from elsewhere every callback is a 404 that is counted; off looks at no address", async () => {
  await inProcess(async (run) => {
    const refused = await report(run, ELSEWHERE, { receipt: "UL1ABCDE05", account: "A" });
    assert.deepEqual([refused.status, await run.count("notices")], [404, 0]);
    await refused.body?.cancel();
    assert.equal(run.logged("callback_refused")[0]?.fields["reason"], "source");
    assert.equal((await report(run, SAFARICOM, { receipt: "UL1ABCDE05", account: "A" })).status, 200);
  }, options("enforce", { withoutJobs: true }));
  await inProcess(async (run) => {
    assert.equal((await report(run, ELSEWHERE, { receipt: "UL1ABCDE06", account: "A" })).status, 200);
    await run.idle();
    assert.equal(await payments(run), 1);
  }, options("off"));
});

Deno.test("addresses that leaked are replaced and revoked: the old ones live until then, and are a 404 after", () =>
  inProcess(async (run) => {
    const register = (body: unknown) =>
      run.call<{ url_number: number }>("POST", `/v1/shortcodes/${PAYBILL}/register-urls`, body);
    const revoke = () => run.call<ProblemBody>("POST", `/v1/shortcodes/${PAYBILL}/revoke-urls`);
    assert.equal((await revoke()).body.code, "wrong_state", "nothing to revoke");
    const made = await register({ new_urls: true });
    assert.deepEqual([made.status, made.body.url_number], [200, 2]);
    const told = run.simulator.world.requests.list().filter(({ operation }) => operation === "c2b_register").at(-1);
    assert.match(
      JSON.stringify(told?.callback_urls),
      new RegExp(run.services.capabilities.mint("c2b_confirmation", PAYBILL, 2)),
    );
    assert.equal((await report(run, SAFARICOM, { receipt: "UL1ABCDE07", account: "A" })).status, 200, "still lives");
    assert.equal((await revoke()).status, 200);
    const old = await report(run, SAFARICOM, { receipt: "UL1ABCDE08", account: "A" });
    assert.equal(old.status, 404);
    await old.body?.cancel();
    assert.equal(run.logged("callback_refused")[0]?.fields["reason"], "revoked");
    assert.equal((await report(run, SAFARICOM, { receipt: "UL1ABCDE09", account: "A" }, 2)).status, 200);
    const theirs = await run.call("POST", `/v1/shortcodes/${PAYBILL}/revoke-urls`, undefined, { client: "cli_other" });
    assert.equal(theirs.status, 404);
  }, options("off", { withoutJobs: true })));

Deno.test("one callback address takes so many messages a minute, and the link of a page is none", () =>
  inProcess(async (run) => {
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await report(run, SAFARICOM, { receipt: `UL1ABCDE1${i}`, account: "A" }));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 429]);
    await answers[3]?.body?.cancel();
    const page = await run.notify(
      run.services.capabilities.mint("account", "acc_01kamcvd000000000000000001"),
      confirmation({ receipt: "UL1ABCDE20", account: "A" }),
    );
    assert.equal(page.status, 404);
    await page.body?.cancel();
  }, options("off", { withoutJobs: true, env: { CALLBACKS_PER_URL_PER_MINUTE: "3" } })));

Deno.test("verify: a receipt that is known of another merchant, or with another amount, proves no confirmation", () =>
  inProcess(async (run) => {
    const { id, account_reference: account } = await createCheckout(run, { amount: 150_000, expires_in: 86_400 });
    const toOther = { ...JSON.parse(confirmation({ receipt: "UL1ABCDE11", account })), BusinessShortCode: "600001" };
    const address = run.services.capabilities.mint("c2b_confirmation", "sho_01kamcvd000000000000000003");
    await run.notify(address, JSON.stringify(toOther), { "x-forwarded-for": SAFARICOM });
    await importStatement(run, [{ receipt: "UL1ABCDE12", at: run.time.now(), in: 10, account: "ANY" }]);
    assert.equal(await payments(run), 2);
    for (const receipt of ["UL1ABCDE11", "UL1ABCDE12"]) await report(run, ELSEWHERE, { receipt, account });
    await run.idle();
    assert.deepEqual([await statusOf(run, id), await payments(run)], ["open", 2]);
    await report(run, ELSEWHERE, { receipt: "UL1ABCDE12", amount: 10, account: "ANY" });
    await run.idle();
    assert.equal(
      await run.count("notices WHERE status = 'applied' AND kind = 'c2b_confirmation'"),
      2,
      "it says the same",
    );
  }, options("verify")));

Deno.test("verify: what M-Pesa says of a till that a paybill's address names is compared with the till", () =>
  inProcess(async (run) => {
    const TILL = "500000";
    const answers = [["UL1ABCDE21", `${TILL} - Demo Till`], ["UL1ABCDE22", "600000 - Demo Shop"]] as const;
    for (const [receipt, payee] of answers) {
      const body = { ...JSON.parse(confirmation({ receipt, account: "" })), BusinessShortCode: TILL };
      const address = run.services.capabilities.mint("c2b_confirmation", PAYBILL);
      await run.notify(address, JSON.stringify(body), { "x-forwarded-for": ELSEWHERE });
      await run.idle();
      const [[notice]] = await run.sql("SELECT id FROM notices WHERE kind = 'c2b_confirmation' ORDER BY id DESC") as [
        [string],
      ];
      const items = { TransactionStatus: "Completed", Amount: 1_500, ReceiptNo: receipt, CreditPartyName: payee };
      const ResultParameter = Object.entries(items).map(([Key, Value]) => ({ Key, Value }));
      const Result = { ResultType: 0, ResultCode: 0, ResultDesc: "ok", ResultParameters: { ResultParameter } };
      await run.notify(run.services.capabilities.mint("c2b_status_result", notice), JSON.stringify({ Result }), {
        "x-forwarded-for": SAFARICOM,
      });
      await run.pass(1_000);
    }
    assert.deepEqual(
      await run.sql("SELECT p.receipt, s.number FROM payments p JOIN shortcodes s ON s.id = p.shortcode_id"),
      [
        ["UL1ABCDE21", TILL],
      ],
    );
    assert.deepEqual(
      (await run.sql("SELECT proof FROM notices WHERE kind = 'c2b_confirmation' ORDER BY id")).flat(),
      ["proven", "refuted"],
    );
  }, options("verify")));

Deno.test("verify: whoever reports a payment that there is does not say which phone its refund goes to", () =>
  inProcess(async (run) => {
    const real = { receipt: "UL1ABCDE31", account: "ANY" };
    await report(run, SAFARICOM, real); // with a masked number, as M-Pesa sends it
    const forged = { ...JSON.parse(confirmation(real)), MSISDN: "254799000111" };
    const address = run.services.capabilities.mint("c2b_confirmation", PAYBILL);
    await run.notify(address, JSON.stringify(forged), { "x-forwarded-for": ELSEWHERE });
    await run.pass(MINUTE);
    const [[id, phone]] = await run.sql("SELECT id, phone FROM payments") as [[string, unknown]];
    assert.equal(phone, null);
    const refund = await askRefund<ProblemBody>(run, id, { method: "payout" });
    assert.deepEqual([refund.status, refund.body.errors?.[0]?.pointer], [422, "/method"]);
    assert.equal(await run.count("payouts"), 0);
  }, options("verify")));
