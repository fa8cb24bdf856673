import assert from "node:assert/strict";
import fc from "fast-check";
import { accountKey } from "../../../src/domain/settlement/account-key.ts";
import type { Checkout } from "../../../src/domain/checkouts/machine.ts";
import { chooseCheckout } from "../../../src/domain/checkouts/machine.ts";
import { choosePrompt, type WaitingPrompt } from "../../../src/domain/checkouts/waiting-prompts.ts";
import { isOneTypoAway } from "../../../src/domain/payments/typo.ts";
import { checkoutWithAttempts } from "../checkouts/fixtures.ts";

const AT = checkoutWithAttempts(0).checkout.created_at;
const checkout = (id: string, changes: Partial<Checkout> = {}): Checkout => ({
  ...checkoutWithAttempts(0).checkout,
  id,
  ...changes,
});
const ACCOUNT = checkoutWithAttempts(0).checkout.account_reference;
const chosen = (
  named: readonly Checkout[],
  amount = 150_000,
  paidAt: number | null = AT + 60_000,
  accountReference: string = ACCOUNT,
) => chooseCheckout(named, { amount, paidAt, accountReference })?.id ?? null;

Deno.test("of several checkouts with one account the one that waits for this amount is meant", () => {
  const others = [checkout("b", { amount: 70_000 }), checkout("c", { status: "succeeded" })];
  assert.equal(chosen([...others, checkout("a")]), "a");
  assert.equal(chosen([...others, checkout("a"), checkout("d")]), null, "two fit: no guess");
});

const prompt = (id: string, changes: Partial<WaitingPrompt> = {}): WaitingPrompt => ({
  paymentId: `pay_${id}`,
  checkoutId: id,
  account: "INV1",
  pushedAt: AT,
  knownPaidAt: AT + 60_000,
  inferred: null,
  ...changes,
});
const arrival = (accountReference: string | null, paidAt: number | null = AT + 30_000) => ({
  receipt: "UKM0005000",
  amount: 150_000,
  accountReference,
  paidAt,
});

Deno.test("equal prompts without a receipt take receipts in any order, as inferences; a single named one is no inference", () => {
  const [one, two] = [prompt("a"), prompt("b", { knownPaidAt: AT + 50_000 })];
  assert.deepEqual(choosePrompt([one, two], arrival("inv1"), AT), {
    checkoutId: "b",
    takes: "pay_b",
    isInferred: true,
    displaces: null,
  });
  assert.deepEqual(choosePrompt([one], arrival("INV-1"), AT), {
    checkoutId: "a",
    takes: "pay_a",
    isInferred: false,
    displaces: null,
  });
  assert.deepEqual(
    choosePrompt([one], arrival(null), AT),
    { checkoutId: "a", takes: "pay_a", isInferred: true, displaces: null },
    "a till",
  );
  assert.equal(choosePrompt([one], arrival("INV2"), AT).checkoutId, null);
});

Deno.test("earlier money takes the place of a receipt that was inferred, and later money does not", () => {
  const inferred = (paidAt: number, receipt = "UKM0004000") => [prompt("a", { inferred: { receipt, paidAt } })];
  const chosen = (prompts: readonly WaitingPrompt[]) => choosePrompt(prompts, arrival(null), AT);
  assert.deepEqual(chosen(inferred(AT + 40_000)), {
    checkoutId: "a",
    takes: "pay_a",
    isInferred: true,
    displaces: "pay_a",
  });
  assert.equal(chosen(inferred(AT + 20_000)).checkoutId, null);
  assert.equal(chosen(inferred(AT + 30_000)).checkoutId, null, "the same second: the smaller receipt");
  assert.equal(chosen(inferred(AT + 30_000, "UKM0006000")).displaces, "pay_a");
  assert.equal(chosen([...inferred(AT + 40_000), prompt("b")]).checkoutId, "b", "one that waits comes first");
});

Deno.test("money moved between the push and the news of it, give or take five minutes of clocks", () => {
  const skew = 5 * 60_000;
  const at = (paidAt: number | null, now = AT) => choosePrompt([prompt("a")], arrival("INV1", paidAt), now).checkoutId;
  assert.deepEqual([at(AT - skew), at(AT - skew - 1)], ["a", null]);
  assert.deepEqual([at(AT + 60_000 + skew), at(AT + 60_001 + skew)], ["a", null]);
  assert.deepEqual([at(null, AT + 60_000), at(null, AT + 60_000 + 30 * 60_000)], ["a", null]);
});

Deno.test("an account that is exactly the same goes before one that is spelt alike, and 12/3 is not 1/23", () => {
  const named = [checkout("a", { account_reference: "1/23" }), checkout("b", { account_reference: "12/3" })];
  assert.equal(chosen(named, 150_000, AT, "12/3"), "b");
  assert.equal(chosen(named, 150_000, AT, "1/23"), "a");
  assert.equal(chosen([checkout("a", { account_reference: "1/23" })], 150_000, AT, "12/3"), null);
  assert.equal(chosen([checkout("a", { account_reference: "1/23" })], 150_000, AT, "123"), "a");
  assert.equal(chosen([checkout("a", { account_reference: "123" })], 150_000, AT, "12 3"), "a");
  assert.equal(chosen(named, 150_000, AT, "123"), null, "two fit: no guess");
});

Deno.test("less than a waiting checkout asks is a part of it, more is nobody's", () => {
  assert.equal(chosen([checkout("a")], 100), "a");
  assert.equal(chosen([checkout("a")], 150_100), null);
  assert.equal(chosen([checkout("a"), checkout("b", { status: "succeeded" })], 150_100), null);
});

Deno.test("money is never for a checkout that was made after it, nor for one that ended a week before", () => {
  const expired = checkout("a", { status: "expired" });
  assert.equal(chosen([checkout("a")], 150_000, AT - 10 * 60_000), null);
  assert.equal(chosen([expired], 150_000, expired.expires_at + 6 * 86_400_000), "a");
  assert.equal(chosen([expired], 150_000, expired.expires_at + 8 * 86_400_000), null);
});

Deno.test("the newest of those that have ended takes late money, and a paid one takes any", () => {
  const named = [checkout("b", { status: "cancelled" }), checkout("a", { status: "succeeded" })];
  assert.equal(chosen(named), "b");
  assert.equal(chosen(named.toReversed(), 999_900), "a");
  assert.equal(chosen([]), null);
});

Deno.test("case, spaces and separators make no other account", () => {
  for (const typed of ["inv-1001", "INV 1001", " Inv.1001 ", "i/n/v_1001"]) assert.equal(accountKey(typed), "INV1001");
});

/** Restricted Damerau-Levenshtein distance, computed by the full table. */
function distance(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j));
  const at = (i: number, j: number): number => d[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      const row = d[i] ?? [];
      row[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same, swap);
    }
  }
  return at(a.length, b.length);
}

Deno.test("one slip is one letter more, less, other, or two swapped: as the distance says", () => {
  const word = fc.string({ unit: fc.constantFrom("A", "B", "1"), maxLength: 6 });
  fc.assert(
    fc.property(word, word, (a, b) => assert.equal(isOneTypoAway(a, b), distance(a, b) <= 1, `${a} ${b}`)),
    { numRuns: 5_000 },
  );
});
