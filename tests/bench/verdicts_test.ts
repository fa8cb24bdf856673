import assert from "node:assert/strict";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../src/domain/checkouts/payment-contract.ts";
import type { Transaction } from "../../src/simulator/core/transactions.ts";
import type { Rows } from "../chaos/oracle/rows.ts";
import { Verdict } from "../chaos/oracle/verdict.ts";
import type { Wish } from "../chaos/traffic/ledger.ts";
import { grown } from "./grown.ts";
import { judge } from "./load/books.ts";
import type { Shot } from "./meter.ts";
import { wrongs } from "./stress/overload.ts";

const money: Transaction = {
  receipt: "TKO1ABCDEF",
  kind: "stk",
  amount: 10,
  phone: "254700005678",
  shortcode: "600000",
  account_reference: "AAAA1111",
  originator_conversation_id: null,
  original_receipt: null,
  at: "2026-11-24T15:00:00Z",
};
// as much of the views as is judged
const checkout = { id: "chk_1", status: "succeeded", reference: "r-1", account_reference: "AAAA1111" } as CheckoutView;
const payment = {
  id: "pay_1",
  receipt: money.receipt,
  amount: 1_000,
  shortcode: "600000",
  account_reference: "AAAA1111",
} as PaymentView;
const wish = { kind: "checkout", answers: [{ status: 201, body: { id: "chk_1" } }] } as unknown as Wish;

function found(changes: Partial<Rows>, books: readonly Transaction[] = [money]): readonly string[] {
  const verdict = new Verdict();
  const rows = { checkouts: [checkout], payments: [payment], payouts: [], refunds: [], events: [], ...changes };
  judge(rows, books, [wish], verdict);
  return verdict.findings.map(({ wrong }) => wrong);
}

Deno.test("load: rows that agree with the books are good, and each way to differ is found", () => {
  assert.deepEqual(found({}), []);
  assert.deepEqual(found({ payments: [] }), ["lost"]);
  assert.deepEqual(found({ payments: [payment, { ...payment, id: "pay_2" }] }), ["recorded twice"]);
  assert.deepEqual(found({ payments: [{ ...payment, receipt: null }] }), [], "known by a query alone");
  assert.deepEqual(found({ payments: [{ ...payment, amount: 900 }] }), ["lost"]);
  assert.deepEqual(found({}, []), ["recorded though not paid", "recorded though not paid"]);
  assert.deepEqual(found({ checkouts: [{ ...checkout, status: "expired" }] }), ["called failed though paid"]);
  assert.deepEqual(found({ checkouts: [] }), ["lost"], "what was answered is gone");
});

const shot = (status: number, retryAfter = false): Shot => ({
  at: 0,
  ms: 5,
  status,
  id: null,
  retryAfter,
  refusal: null,
});

Deno.test("stress: whatever goes wrong under overload is named", () => {
  const good = {
    rate: 100,
    shots: [shot(201), shot(503, true)],
    normalMs: 5,
    backMs: 100,
    left: 0,
    callbacks: { came: 3, taken: 3 },
    mostMiB: 300,
  };
  assert.deepEqual(wrongs(good), []);
  const bad = [
    { left: 1 },
    { backMs: Infinity },
    { shots: [shot(0)] },
    { shots: [shot(503)] },
    { callbacks: { came: 3, taken: 2 } },
    { mostMiB: 5_000 },
    { mostMiB: NaN },
  ];
  for (const change of bad) assert.equal(wrongs({ ...good, ...change }).length, 1, JSON.stringify(change));
});

Deno.test("soak: growth from the first third to the last is found, a bad first minute is not", () => {
  const flat = { MiB: 200, handles: 100, jobs: 40 };
  assert.deepEqual(grown([{ ...flat, MiB: 900 }, flat, flat, flat]), []);
  const leaking = [1, 2, 3, 4, 5, 6, 7].map((minute) => ({ ...flat, MiB: 200 + 20 * minute }));
  assert.deepEqual(grown(leaking), ["MiB grew from 250 to 330"]);
  assert.deepEqual(grown([flat, flat, { ...flat, jobs: 400 }]), ["jobs grew from 40 to 400"]);
});
