import assert from "node:assert/strict";
import fc from "fast-check";
import { nairobiStamp } from "../../../src/daraja/time.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";

const PAYBILL = "sho_01kamcvd000000000000000001";
const TILL = "sho_01kamcvd000000000000000002";

const confirmation = (changes: Record<string, unknown> = {}) => ({
  TransactionType: "Pay Bill",
  TransID: "UKM9X2A1BC",
  TransTime: "20261122121325",
  TransAmount: "1500.00",
  BusinessShortCode: "600000",
  BillRefNumber: "order-1001",
  MSISDN: "2547 ***** 126",
  FirstName: "JANE",
  ...changes,
});

async function send(
  run: InProcess,
  body: unknown,
  kind: "c2b_confirmation" | "c2b_validation" = "c2b_confirmation",
  shortcode = PAYBILL,
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await run.notify(run.services.capabilities.mint(kind, shortcode), text);
  await run.idle();
  return answer;
}

const lastNotice = async (run: InProcess) =>
  (await run.sql("SELECT status, problem FROM notices ORDER BY id DESC LIMIT 1"))[0];

for (
  const [name, changes, problem] of [
    ["an amount of zero", { TransAmount: "0.00" }, "amount_unreadable"],
    ["an amount with separators", { TransAmount: "1,500.00" }, "amount_unreadable"],
    ["two amounts", { transAmount: "1.00" }, "amount_unreadable"],
    ["no amount", { TransAmount: "" }, "no_amount"],
    ["a shortcode that is no number", { BusinessShortCode: "six" }, "shortcode_unreadable"],
    ["a receipt of an unknown form", { TransID: "UKM-9" }, "transaction_id_unreadable"],
  ] as const
) {
  Deno.test(`a confirmation with ${name} is set aside with an alert, its job ends, and the next one is recorded`, () =>
    inProcess(async (run) => {
      assert.equal((await send(run, confirmation(changes))).status, 200);
      assert.deepEqual(await lastNotice(run), ["unreadable", problem]);
      assert.deepEqual(await run.sql("SELECT kind FROM jobs WHERE kind = 'notice'"), [], "the job has ended");
      assert.deepEqual(run.logged("job_failed"), []);
      assert.equal(run.logged("notice_unreadable")[0]?.level, "alert");
      assert.equal(await run.count("payments"), 0);
      await send(run, confirmation());
      assert.deepEqual(await lastNotice(run), ["applied", null]);
      assert.equal(await run.count("payments"), 1);
    }));
}

Deno.test("a confirmation whose time, phone or account can't be read is recorded without them", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run);
    await send(run, confirmation({ TransTime: "noon", MSISDN: "?", BillRefNumber: { text: "order-1001" } }));
    const [row] = await run.sql("SELECT status, amount, paid_at, phone FROM payments");
    assert.deepEqual(row, ["unmatched", 150_000, null, null]);
    assert.equal((await getCheckout(run, id)).status, "open", "an account that can't be read names no checkout");
    assert.deepEqual(await lastNotice(run), ["applied", "unreadable: paid_at, phone, account_reference"]);
  }));

Deno.test("at a till an account that can't be read is not no account: its money takes no prompt's place", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { shortcode: "500000", phone_number: "254700009001" });
    await run.pass(30_000);
    const at = (BillRefNumber: unknown) => ({
      ...confirmation({ TransactionType: "Buy Goods", BusinessShortCode: "500000", BillRefNumber }),
      TransTime: nairobiStamp(run.time.now() - 20_000),
    });
    await send(run, at(["a", "b"]), "c2b_confirmation", TILL);
    assert.equal((await getCheckout(run, id)).payment?.receipt, null);
    await send(run, { ...at(""), TransID: "UKM9X2A1BD" }, "c2b_confirmation", TILL);
    assert.equal((await getCheckout(run, id)).payment?.receipt, "UKM9X2A1BD");
  }));

Deno.test("a validation with an amount or shortcode that can't be read is refused by its own code", () =>
  inProcess(async (run) => {
    const code = async (changes: Record<string, unknown>) =>
      (await (await send(run, confirmation(changes), "c2b_validation")).json()).ResultCode;
    assert.equal(await code({ TransAmount: "0.00" }), "C2B00013");
    assert.equal(await code({ TransAmount: "1e3" }), "C2B00013");
    assert.equal(await code({ BusinessShortCode: "six" }), "C2B00015");
    assert.equal(await code({ TransID: "" }), "C2B00016");
  }));

Deno.test("whatever values a confirmation has, its job ends", () =>
  inProcess(async (run) => {
    const odd = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom(
        "0",
        "0.00",
        "-1",
        "1e2",
        "99999999999999999",
        "9999999999999.99",
        "\ud800",
        "\u0000",
        "'",
        "20261340000000",
      ),
      fc.integer(),
      fc.double(),
      fc.constantFrom(null, true, [], {}, [1], { a: "b" }),
    );
    const fields = Object.keys(confirmation());
    const changes = fc.dictionary(fc.constantFrom(...fields), odd, { minKeys: 1, maxKeys: 3 });
    const samples = fc.sample(changes, { numRuns: 150, seed: 13 });
    for (const [n, change] of samples.entries()) {
      await send(run, { ...confirmation({ TransID: `UKMX${String(n).padStart(6, "A")}` }), ...change });
    }
    assert.deepEqual(run.logged("job_failed").map(({ fields }) => fields["error"]), []);
    assert.deepEqual(await run.sql("SELECT id FROM notices WHERE status = 'stored'"), []);
  }));
