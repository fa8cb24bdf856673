import assert from "node:assert/strict";
import fc from "fast-check";
import { type Ending, endingOf, expected } from "./oracle.ts";
import { AMOUNT, applyNews, cases, checkoutWithAttempts, type News, STARTED } from "./fixtures.ts";

/** Removes the values that the expected ending leaves open. */
const withoutOrder = (ending: Ending, wanted: Ending): Ending => ({
  ...ending,
  ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value === null)),
});

/** Which of two payments is the duplicate, and so which of two paid attempts succeeds, may depend on the order. */
Deno.test("any order, subset and repetition of news ends where its set implies", () => {
  fc.assert(
    fc.property(cases, (one) => {
      const wanted = expected(one);
      const ending = endingOf(applyNews(checkoutWithAttempts(one.attempts), one.news));
      assert.ok((ending.succeeded ?? 0) <= 1);
      assert.deepEqual(withoutOrder(ending, wanted), wanted);
    }),
    { numRuns: 20_000 },
  );
});

/** A part: its amount, and when it was paid (ms from the checkout's creation); null: M-Pesa's time could not be read. */
interface Part {
  readonly amount: number;
  readonly paidMs: number | null;
}

const HOUR = 3_600_000;
const part: fc.Arbitrary<Part> = fc.record({
  amount: fc.constantFrom(100, 25_000, 40_000, 50_000, 75_000, 100_000, AMOUNT - 100),
  paidMs: fc.option(fc.integer({ min: -HOUR, max: 48 * HOUR })),
});

/** 0 to 20 parts, the order in which they arrive, which of them are told again, and when the checkout expires, if it does. */
const arrivals = fc.array(part, { maxLength: 20, size: "max" }).chain((parts) =>
  fc.record({
    parts: fc.constant(parts),
    order: fc.shuffledSubarray(parts.map((_, i) => i), { minLength: parts.length }),
    again: fc.subarray(parts.map((_, i) => i)),
    expiresAt: fc.option(fc.nat({ max: parts.length })),
  })
);

/** Whether some of the amounts add up to the checkout's. */
const canAddUp = (parts: readonly Part[]): boolean =>
  parts.reduce((sums, { amount }) => new Set([...sums, ...[...sums].map((sum) => sum + amount)]), new Set([0]))
    .has(AMOUNT);

Deno.test("0 to 20 parts, paid at any time and arriving in any order, settle by their amounts alone, and none is lost", () => {
  let [settled, many] = [0, 0];
  fc.assert(
    fc.property(arrivals, ({ parts, order, again, expiresAt }) => {
      const told = [...order, ...again].map((index): News => {
        const { amount, paidMs } = parts[index] as Part; // an index of the list
        const paidAt = paidMs === null ? null : STARTED + paidMs;
        return { kind: "confirmation", receipt: `PART${index}`, amount, paidAt };
      });
      const news = expiresAt === null ? told : told.toSpliced(expiresAt, 0, { kind: "expire" });
      const { checkout, payments } = applyNews(checkoutWithAttempts(0), news);
      const byReceipt = payments.map(({ receipt, amount }) => `${receipt} ${amount}`).toSorted();
      assert.deepEqual(
        byReceipt,
        parts.map(({ amount }, i) => `PART${i} ${amount}`).toSorted(),
        "each part once, whole",
      );
      const sumOf = (status: string) =>
        payments.filter((p) => p.status === status).reduce((sum, { amount }) => sum + amount, 0);
      if (checkout.status === "succeeded") {
        settled++;
        assert.deepEqual([sumOf("matched"), sumOf("partial")], [AMOUNT, 0]);
      } else {
        assert.equal(sumOf("partial"), parts.reduce((sum, { amount }) => sum + amount, 0));
        const ended = expiresAt === null ? "open" : parts.length > 0 ? "review" : "expired";
        assert.equal(checkout.status, ended);
      }
      if (parts.length > 12) many++;
      assert.equal(checkout.status === "succeeded", canAddUp(parts));
    }),
    { numRuns: 3_000, seed: 20_261_130 },
  );
  assert.ok(settled > 500 && many > 300, `${settled} settled, ${many} had more than twelve parts`);
});
