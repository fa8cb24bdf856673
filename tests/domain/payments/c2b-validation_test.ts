import assert from "node:assert/strict";
import type { Database } from "../../../src/db/database.ts";
import { DatabaseUnavailable } from "../../../src/db/database.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";

const paybill = "sho_01kamcvd000000000000000001";

const validation = (changes: Record<string, string> = {}) =>
  JSON.stringify({
    TransactionType: "Pay Bill",
    TransID: "UKM9X2A1BC",
    TransTime: "20261122121325",
    TransAmount: "1500.00",
    BusinessShortCode: "600000",
    BillRefNumber: "INV-1",
    OrgAccountBalance: "",
    MSISDN: "2547 ***** 126",
    ...changes,
  });

async function ask(run: InProcess, changes: Record<string, string> = {}, id = paybill): Promise<string> {
  const capability = run.services.capabilities.mint("c2b_validation", id);
  const response = await run.notify(capability, validation(changes));
  assert.equal(response.status, 200);
  const { ResultCode, ResultDesc } = await response.json();
  assert.equal(typeof ResultDesc, "string");
  return ResultCode;
}

const rule = async (run: InProcess, value: Record<string, unknown>) => {
  const answer = await run.call("PATCH", `/v1/shortcodes/${paybill}`, { validation: value });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
};

Deno.test("accept_all lets every payment through, but one for another shortcode or that can't be read", async () => {
  await inProcess(async (run) => {
    assert.equal(await ask(run), "0");
    assert.equal(await ask(run, { BillRefNumber: "" }), "0");
    assert.equal(await ask(run, { BusinessShortCode: "600001" }), "C2B00015");
    assert.equal(await ask(run, { TransAmount: "much" }), "C2B00013");
    assert.equal(await run.count("notices"), 0, "a validation moves no money, so it is not kept");
  });
});

Deno.test("open_checkout takes the account and amount of a checkout that waits to be paid, and no other", async () => {
  await inProcess(async (run) => {
    await rule(run, { rule: "open_checkout" });
    await createCheckout(run, { account_reference: "INV-1" });
    const prompted = await createCheckout(run, { account_reference: "INV-2", phone_number: "0712345678" });
    assert.equal(prompted.status, "pending");
    assert.equal(await ask(run, { BillRefNumber: "inv 1" }), "0");
    assert.equal(await ask(run, { BillRefNumber: "INV2" }), "0");
    assert.equal(await ask(run, { TransAmount: "1499.00" }), "C2B00013");
    assert.equal(await ask(run, { BillRefNumber: "INV-9" }), "C2B00012");
    assert.equal(await ask(run, { BillRefNumber: " - " }), "C2B00012");
    await run.pass(31 * 60_000);
    assert.equal(await ask(run), "C2B00012", "expired");
    assert.equal(await ask(run, { BillRefNumber: "INV-2" }), "C2B00012", "paid");
  });
});

Deno.test("known_accounts takes the accounts of its list, however they are spelt, and any amount", async () => {
  await inProcess(async (run) => {
    await rule(run, { rule: "known_accounts", accounts: ["A-100", "b 200"] });
    for (const account of ["a100", "A-100", "B200"]) assert.equal(await ask(run, { BillRefNumber: account }), "0");
    assert.equal(await ask(run, { BillRefNumber: "A-101" }), "C2B00012");
    assert.equal(await ask(run, { BillRefNumber: "" }), "C2B00012");
  });
});

Deno.test("open_checkout takes no account of another shortcode, and no checkout whose time is over before its job has ended it", async () => {
  await inProcess(async (run) => {
    await rule(run, { rule: "open_checkout" });
    await createCheckout(run, { account_reference: "INV-7", shortcode: "500000" });
    assert.equal(await ask(run, { BillRefNumber: "INV-7" }), "C2B00012");
    await createCheckout(run, { account_reference: "INV-8" });
    assert.equal(await ask(run, { BillRefNumber: "INV-8" }), "0");
    await run.time.pass(31 * 60_000, () => Promise.resolve());
    assert.equal(await ask(run, { BillRefNumber: "INV-8" }), "C2B00012");
    const [stored] = await run.sql("SELECT status FROM checkouts WHERE account_reference = 'INV-8'");
    assert.deepEqual(stored, ["open"], "no job has ended it");
  }, { withoutJobs: true });
});

Deno.test("accept_all refuses what can't be recorded: without a shortcode, and without a receipt", async () => {
  await inProcess(async (run) => {
    assert.equal(await ask(run, { BusinessShortCode: "" }), "C2B00015");
    assert.equal(await ask(run, { TransID: "" }), "C2B00016");
  });
});

Deno.test("a forged address validates nothing", async () => {
  await inProcess(async (run) => {
    const capability = run.services.capabilities.mint("c2b_validation", paybill);
    const forged = capability.slice(0, -1) + (capability.endsWith("0") ? "1" : "0");
    assert.equal((await run.notify(forged, validation())).status, 404);
  });
});

/** A database that can be unreachable, or never answer. */
function failingDatabase() {
  const state = { mode: "up" as "up" | "away" | "hangs" };
  const away = () => Promise.reject(new DatabaseUnavailable("away", true));
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) =>
      state.mode === "up" ? db.read(statements) : state.mode === "away" ? away() : new Promise(() => {}),
    write: (statements) => state.mode === "up" ? db.write(statements) : away(),
    close: () => db.close(),
  });
  return { state, wrapDatabase };
}

for (const configured of ["accept", "reject"] as const) {
  const other = configured === "accept" ? "reject" : "accept";
  const expectedCode = { accept: "0", reject: "C2B00016" };
  Deno.test(`while the database is away a rule that needs it is answered as the shortcode says, else as configured (${configured})`, async () => {
    const { state, wrapDatabase } = failingDatabase();
    await inProcess(async (run) => {
      await rule(run, { rule: "open_checkout" });
      assert.equal(await ask(run), "C2B00012");
      for (const mode of ["away", "hangs"] as const) {
        state.mode = mode;
        assert.equal(await ask(run), expectedCode[configured], mode);
      }
      state.mode = "up";
      await rule(run, { rule: "open_checkout", when_down: other });
      await ask(run);
      state.mode = "away";
      assert.equal(await ask(run), expectedCode[other]);
      state.mode = "up";
      await rule(run, { rule: "known_accounts", accounts: ["A-1"], when_down: other });
      await ask(run);
      state.mode = "away";
      assert.equal(await ask(run, { BillRefNumber: "A-1" }), "0", "a list is known without the database");
      assert.equal(await ask(run), "C2B00012");
      state.mode = "up";
    }, { wrapDatabase, env: { C2B_VALIDATION_WHEN_DOWN: configured } });
  });
}

Deno.test("a process that never saw the shortcode answers as configured while the database is away", async () => {
  const { state, wrapDatabase } = failingDatabase();
  await inProcess(async (run) => {
    state.mode = "away";
    assert.equal(await ask(run, {}, "sho_01kamcvd000000000000000003"), "C2B00016");
    state.mode = "up";
  }, { wrapDatabase, env: { C2B_VALIDATION_WHEN_DOWN: "reject" } });
});
