import assert from "node:assert/strict";
import fc from "fast-check";
import { accountKey } from "../../../src/domain/settlement/account-key.ts";
import type { Checkout } from "../../../src/domain/checkouts/machine.ts";
import { chooseCheckout } from "../../../src/domain/payments/find-checkout.ts";
import { isOneTypoAway } from "../../../src/domain/payments/typo.ts";
import { checkoutWithAttempts } from "../checkouts/fixtures.ts";

const AT = checkoutWithAttempts(0).checkout.created_at;
const checkout = (id: string, changes: Partial<Checkout> = {}): Checkout => ({
  ...checkoutWithAttempts(0).checkout,
  id,
  ...changes,
});
const none: ReadonlySet<string> = new Set();
const chosen = (named: readonly Checkout[], amount = 150_000, paidAt: number | null = AT + 60_000, waiting = none) =>
  chooseCheckout(named, waiting, { amount, paidAt })?.id ?? null;

Deno.test("of several checkouts with one account the one that waits for this amount is meant", () => {
  const others = [checkout("b", { amount: 70_000 }), checkout("c", { status: "succeeded" })];
  assert.equal(chosen([...others, checkout("a")]), "a");
  assert.equal(chosen([...others, checkout("a"), checkout("d")]), null, "two fit: no guess");
});

Deno.test("a checkout that was paid by a prompt without a receipt comes first", () => {
  const named = [checkout("b"), checkout("a", { status: "succeeded" })];
  assert.equal(chosen(named, 150_000, AT, new Set(["a"])), "a");
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
