import assert from "node:assert/strict";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger, holdings } from "../../support/money.ts";
import { act, createPayout, getPayout, payoutBody } from "../../support/payouts.ts";

const HOUR_MS = 3_600_000;
const toBusiness = (destination: Record<string, unknown>) => ({
  phone_number: undefined,
  purpose: undefined,
  remarks: "Supplies",
  destination,
});
const asked = (run: InProcess, operation = "b2b") =>
  run.simulator.world.requests.list().filter((request) => request.operation === operation);

for (
  const [name, destination, command, party, account] of [
    [
      "a paybill",
      { type: "paybill", number: "888880", account_reference: "INV77" },
      "BusinessPayBill",
      888880,
      "INV77",
    ],
    ["a till", { type: "till", number: "777770" }, "BusinessBuyGoods", 777770, "pay-1001"],
    ["a B2C account", { type: "b2c_account", number: "600999" }, "BusinessPayToBulk", 600999, "pay-1001"],
    [
      "KRA",
      { type: "kra", payment_registration_number: "2020250000123456" },
      "PayTaxToKRA",
      572572,
      "2020250000123456",
    ],
  ] as const
) {
  Deno.test(`${name} is paid from the working account, once`, () =>
    inProcess(async (run) => {
      const made = await createPayout(run, toBusiness(destination));
      assert.equal(made.destination.type, destination.type);
      await run.pass();
      const paid = await getPayout(run, made.id);
      const moved = run.simulator.world.transactions.list();
      assert.deepEqual([paid.status, paid.receipt, paid.result_code], ["succeeded", moved[0]?.receipt, "0"]);
      assert.deepEqual(moved.map(({ kind, amount }) => [kind, amount]), [["b2b", 1_500]]);
      const sent = asked(run)[0]?.body as Record<string, unknown>;
      assert.deepEqual([sent["CommandID"], sent["PartyB"], sent["AccountReference"]], [command, party, account]);
      assert.deepEqual(await holdings(run), { merchant_available: -150_000, mpesa_working: -150_000 });
      assert.deepEqual(await checkLedger(run), []);
    }));
}

Deno.test("money moved to another paybill of one's own is posted on both sides", () =>
  inProcess(async (run) => {
    await createPayout(run, toBusiness({ type: "b2c_account", number: "500000" }));
    await run.pass();
    assert.deepEqual(await holdings(run, "500000"), { merchant_available: 150_000, mpesa_utility: 150_000 });
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("money moved to another merchant's paybill is not posted as received by anybody here", () =>
  inProcess(async (run) => {
    await createPayout(run, toBusiness({ type: "b2c_account", number: "600001" }));
    await run.pass();
    assert.deepEqual(await holdings(run), { merchant_available: -150_000, mpesa_working: -150_000 });
    assert.deepEqual(await run.sql("SELECT DISTINCT cause FROM ledger_entries"), [["payout"]]);
  }));

Deno.test("an unclear answer is never sent again: without a result it waits for a person", () => {
  let sent = 0;
  return inProcess(async (run) => {
    const made = await createPayout(run, toBusiness({ type: "till", number: "777770" }));
    await run.pass(28 * HOUR_MS);
    const doubt = await getPayout(run, made.id);
    assert.deepEqual([doubt.status, doubt.needs_person], ["in_doubt", true]);
    assert.equal(sent, 1);
    assert.equal(asked(run, "status").length, 0); // there is no id to ask with
    const resolved = await act(run, made.id, "resolve", { client: "cli_operator" }, {
      outcome: "succeeded",
      evidence: "Portal statement of 22 November",
      receipt: "UKM1A2B3C4",
    });
    assert.deepEqual([resolved.status, resolved.body.status], [200, "succeeded"]);
  }, {
    daraja: (request) => {
      if (!request.url.includes("/b2b/")) return null;
      sent++;
      return new Response("<html>Service Unavailable</html>", { status: 503 });
    },
  });
});

Deno.test("an unclear answer is settled by its result", () => {
  let running: InProcess | null = null;
  return inProcess(async (run) => {
    running = run;
    const made = await createPayout(run, toBusiness({ type: "till", number: "777770" }));
    await run.pass(100);
    assert.equal((await getPayout(run, made.id)).status, "in_doubt");
    await run.pass();
    assert.equal((await getPayout(run, made.id)).status, "succeeded");
    assert.equal(asked(run).length, 1);
  }, {
    daraja: async (request) => {
      if (!request.url.includes("/b2b/")) return null;
      await running?.simulator.app.fetch(request);
      throw new TypeError("connection reset");
    },
  });
});

Deno.test("a result that never comes is asked after by the conversation that M-Pesa named", () =>
  inProcess(async (run) => {
    const made = await createPayout(run, toBusiness({ type: "till", number: "777770" }));
    await run.pass(3 * 60_000);
    const paid = await getPayout(run, made.id);
    assert.equal(paid.status, "succeeded");
    assert.equal(asked(run).length, 1);
    const query = asked(run, "status")[0]?.body as Record<string, unknown>;
    assert.ok(query["OriginalConversationID"]);
  }, {
    callback: async (request) =>
      (await request.clone().text()).includes("BillReferenceNumber") ? new Response("", { status: 503 }) : null,
  }));

Deno.test("a business payment that fails is failed, with the reason", () =>
  inProcess(async (run) => {
    const account = run.simulator.world.accounts.find("600000");
    assert.ok(account);
    account.workingCents = 0;
    const made = await createPayout(run, toBusiness({ type: "till", number: "777770" }));
    await run.pass();
    const failed = await getPayout(run, made.id);
    assert.deepEqual([failed.status, failed.failure?.code], ["failed", "insufficient_float"]);
    assert.deepEqual(await holdings(run), {});
  }));

Deno.test("a large payment to a business needs approval, and limits count by the business", () =>
  inProcess(async (run) => {
    const large = await createPayout(run, {
      ...toBusiness({ type: "kra", payment_registration_number: "PRN1" }),
      amount: 2_000_000,
    });
    assert.equal(large.status, "awaiting_approval");
    const till = toBusiness({ type: "till", number: "777770" });
    await createPayout(run, { ...till, amount: 60_000 });
    const past = await run.call<{ code: string; errors: { pointer: string }[] }>(
      "POST",
      "/v1/payouts",
      payoutBody({ ...till, amount: 2_000_000 }),
    );
    assert.deepEqual([past.status, past.body.code, past.body.errors[0]?.pointer], [422, "limit_exceeded", "/amount"]);
    await createPayout(run, { ...toBusiness({ type: "till", number: "777771" }), amount: 60_000 });
  }, { env: { PAYOUT_DAILY_PER_PHONE_KES: "20000" } }));

Deno.test("a destination is checked field by field", () =>
  inProcess(async (run) => {
    const wrong: [Record<string, unknown>, string][] = [
      [{ destination: { type: "bank" } }, "/destination/type"],
      [{ destination: { type: "paybill", number: "12", account_reference: "A" } }, "/destination/number"],
      [{ destination: { type: "paybill", number: "888880" } }, "/destination/account_reference"],
      [{ destination: { type: "kra", payment_registration_number: "?" } }, "/destination/payment_registration_number"],
      [{ destination: { type: "till", number: "777770" }, phone_number: "0712345678" }, "/destination"],
      [{}, "/phone_number"],
    ];
    for (const [changes, pointer] of wrong) {
      const body = payoutBody({ phone_number: undefined, ...changes });
      const answer = await run.call<{ errors: { pointer: string }[] }>("POST", "/v1/payouts", body);
      assert.deepEqual([answer.status, answer.body.errors[0]?.pointer], [422, pointer]);
    }
    const phone = await createPayout(run, {
      phone_number: undefined,
      destination: { type: "phone", phone_number: "0712345678" },
    });
    assert.deepEqual([phone.phone_number, phone.destination.type], ["2547•••••678", "phone"]);
  }));

Deno.test("M-Pesa's fee is posted where a status query tells it", () =>
  inProcess(async (run) => {
    const made = await createPayout(run, { phone_number: "254712349014" });
    await run.pass(3 * 60_000);
    const paid = await getPayout(run, made.id);
    assert.deepEqual([paid.status, paid.fee], ["succeeded", 560]);
    const held = await holdings(run);
    assert.deepEqual([held.fees, held.mpesa_charges], [560, -560]);
    assert.deepEqual(await checkLedger(run), []);
  }));
