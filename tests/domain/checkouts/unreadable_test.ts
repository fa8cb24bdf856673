import assert from "node:assert/strict";
import { ABSENT, readAs, unreadableField } from "../../../src/daraja/field.ts";
import type { StkNotice } from "../../../src/daraja/notices.ts";
import { decideFields } from "../../../src/domain/checkouts/decide-fields.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";

type Item = { readonly Name: string; readonly Value?: unknown };

const paid = (items: readonly Item[]) =>
  JSON.stringify({ Body: { stkCallback: { ResultCode: 0, ResultDesc: "ok", CallbackMetadata: { Item: items } } } });
const amount = (Value: unknown): Item => ({ Name: "Amount", Value });
const receipt = (Value: unknown = "UKM9X2A1BC"): Item => ({ Name: "MpesaReceiptNumber", Value });

/** A checkout of KES 100,000 whose prompt nobody answers: only what the test sends settles it. */
const prompted = (test: (run: InProcess, id: string, send: (body: string) => Promise<void>) => Promise<void>) =>
  inProcess(async (run) => {
    const { id, attempts } = await createCheckout(run, { amount: 10_000_000, phone_number: "0700009009" });
    await test(run, id, async (body) => {
      const answer = await run.notify(run.services.capabilities.mint("stk", attempts[0]?.id ?? ""), body);
      assert.equal(answer.status, 200);
      await run.idle();
    });
  });

const lastNotice = async (run: InProcess) =>
  (await run.sql("SELECT status, problem FROM notices ORDER BY id DESC LIMIT 1"))[0];

const unreadable: readonly (readonly [string, readonly Item[], string])[] = [
  ["with separators", [amount("100,000.00"), receipt()], "amount_unreadable"],
  ["with an exponent", [amount("1e2"), receipt()], "amount_unreadable"],
  ["named twice with two values", [amount(1), amount(100_000), receipt()], "amount_unreadable"],
  ["of zero", [amount("0.00"), receipt()], "amount_unreadable"],
  ["that is an object", [amount({ value: 1 }), receipt()], "amount_unreadable"],
  ["in an item without a name", [{ Value: 1 } as unknown as Item, receipt()], "amount_unreadable"],
  ["beside a receipt of an unknown form", [amount(100_000), receipt("UKM9 X2A1")], "receipt_unreadable"],
  ["beside two receipts", [amount(100_000), receipt(), receipt("UKM9X2A1BD")], "receipt_unreadable"],
];

for (const [name, items, problem] of unreadable) {
  Deno.test(`a paid callback with an amount ${name} is quarantined and settles nothing`, () =>
    prompted(async (run, id, send) => {
      await send(paid(items));
      const { status, attempts, payment } = await getCheckout(run, id);
      assert.deepEqual([status, attempts[0]?.status, payment], ["review", "unknown", null]);
      assert.equal(await run.count("payments"), 0);
      assert.deepEqual(await lastNotice(run), ["quarantined", problem]);
      assert.equal(run.logged("notice_quarantined")[0]?.level, "alert");
    }));
}

Deno.test("a callback that can be read outranks one that can't, in each order", async () => {
  const bad = paid([amount("1e2"), receipt()]);
  const good = paid([amount(100_000), receipt()]);
  for (const order of [[bad, good], [good, bad]]) {
    await prompted(async (run, id, send) => {
      for (const body of order) await send(body);
      const { status, payment } = await getCheckout(run, id);
      assert.deepEqual([status, payment?.amount, payment?.receipt], ["succeeded", 10_000_000, "UKM9X2A1BC"]);
    });
  }
});

Deno.test("a callback without an amount still says paid as asked", () =>
  prompted(async (run, id, send) => {
    await send(paid([receipt()]));
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(await lastNotice(run), ["applied", null]);
  }));

Deno.test("a time and a phone that can't be read count as not known, and somebody hears of it", () =>
  prompted(async (run, id, send) => {
    const rest = [{ Name: "TransactionDate", Value: "yesterday" }, { Name: "PhoneNumber", Value: "a friend" }];
    await send(paid([amount(100_000), receipt(), ...rest]));
    const { status, payment } = await getCheckout(run, id);
    assert.deepEqual([status, payment?.receipt], ["succeeded", "UKM9X2A1BC"]);
    assert.deepEqual(await run.sql("SELECT paid_at, phone FROM payments"), [[null, null]]);
    assert.deepEqual(await lastNotice(run), ["applied", "unreadable: paid_at, phone"]);
    assert.deepEqual(run.logged("notice_partly_unreadable")[0]?.fields["fields"], ["paid_at", "phone"]);
  }));

Deno.test("what a failed callback has for an amount does not matter", () =>
  prompted(async (run, id, send) => {
    const failed = { ResultCode: 1032, ResultDesc: "Cancelled", CallbackMetadata: { Item: [amount("1,000")] } };
    await send(JSON.stringify({ Body: { stkCallback: failed } }));
    const { status, attempts } = await getCheckout(run, id);
    assert.deepEqual([status, attempts[0]?.status], ["open", "failed"]);
    assert.deepEqual(await lastNotice(run), ["applied", null]);
  }));

Deno.test("if one of amount and receipt can't be read, neither is used", () => {
  const notice = {
    kind: "stk",
    checkoutRequestId: null,
    merchantRequestId: null,
    resultCode: "0",
    resultDescription: "",
    amount: readAs(10_000_000),
    receipt: readAs("UKM9X2A1BC"),
    paidAt: ABSENT,
    phone: ABSENT,
  } as const;
  const decided = (changes: Partial<StkNotice>) => {
    const { amount, receipt, problem } = decideFields({ ...notice, ...changes });
    return [amount, receipt, problem];
  };
  assert.deepEqual(decided({}), [10_000_000, "UKM9X2A1BC", null]);
  assert.deepEqual(decided({ amount: unreadableField("1e2") }), [null, null, "amount_unreadable"]);
  assert.deepEqual(decided({ receipt: unreadableField("?") }), [null, null, "receipt_unreadable"]);
  assert.deepEqual(decided({ amount: ABSENT, receipt: ABSENT }), [null, null, null]);
});
