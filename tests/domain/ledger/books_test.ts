import assert from "node:assert/strict";
import fc from "fast-check";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { askRefund, checkLedger, holdings, payPaybill } from "../../support/money.ts";
import { payoutBody } from "../../support/payouts.ts";

/** Something that happens to money, and how long (ms) until the next. Amounts in shillings. */
type Step =
  & { readonly wait: number }
  & (
    | { readonly kind: "prompt"; readonly phone: string; readonly amount: number }
    | { readonly kind: "paybill"; readonly amount: number; readonly named: boolean }
    | { readonly kind: "payout"; readonly phone: string; readonly amount: number }
    | { readonly kind: "match"; readonly which: number }
    | {
      readonly kind: "refund";
      readonly which: number;
      readonly method: "reversal" | "payout";
      readonly half: boolean;
    }
  );

const amount = fc.integer({ min: 20, max: 3_000 });
const ending = (...endings: string[]) => fc.constantFrom(...endings).map((last) => `25471234${last}`);
const prompts = ending("5678", "1032", "9001", "9002", "9003", "9010", "9012", "9013", "9014", "9016", "9017");
const payees = ending("5678", "2040", "9014", "9015", "9016", "9017");
const wait = fc.constantFrom(0, 100, 2_000, 200_000);
const which = fc.nat({ max: 20 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("prompt"), phone: prompts, amount, wait }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("paybill"), amount, named: fc.boolean(), wait }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("payout"), phone: payees, amount, wait }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("match"), which, wait }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("refund"),
      which,
      method: fc.constantFrom("reversal" as const, "payout" as const),
      half: fc.boolean(),
      wait,
    }),
  },
) as fc.Arbitrary<Step>; // fc.constant keeps no literal

/** Answers whether the step did anything: a match or refund needs something to be about. */
async function perform(run: InProcess, step: Step, checkouts: { id: string; account: string }[]): Promise<boolean> {
  switch (step.kind) {
    case "prompt": {
      const made = await createCheckout(run, { amount: step.amount * 100, phone_number: `+${step.phone}` });
      checkouts.push({ id: made.id, account: made.account_reference });
      return true;
    }
    case "paybill":
      await payPaybill(run, {
        amount: step.amount,
        phone: "254722000111",
        reference: step.named ? checkouts.at(-1)?.account ?? "nobody" : "nobody",
      });
      return true;
    case "payout": {
      const body = payoutBody({ amount: step.amount * 100, phone_number: `+${step.phone}` });
      return (await run.call("POST", "/v1/payouts", body)).status === 202;
    }
    case "match": {
      const payment = pick(await payments(run, "unmatched"), step.which);
      if (payment === undefined) return false;
      const known = step.which % 2 === 0 ? pick(checkouts, step.which) : undefined; // it may be paid already
      const checkout = known ?? await createCheckout(run, { amount: payment.amount });
      return (await run.call("POST", `/v1/payments/${payment.id}/match`, { checkout: checkout.id })).status === 200;
    }
    case "refund": {
      const payment = pick(await payments(run), step.which);
      if (payment === undefined) return false;
      const half = Math.floor(payment.amount / 200) * 100;
      const part = step.half && step.method === "payout" ? { amount: half } : {};
      return (await askRefund(run, payment.id, { method: step.method, ...part })).status === 202;
    }
  }
}

/** One of a list by a number of any size. */
const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)];

async function payments(run: InProcess, status?: string): Promise<PaymentView[]> {
  const query = status === undefined ? "" : `?status=${status}`;
  return (await run.call<{ data: PaymentView[] }>("GET", `/v1/payments${query}`)).body.data;
}

async function sum(run: InProcess): Promise<number> {
  const [row] = await run.sql("SELECT coalesce(sum(balance), 0) FROM ledger_accounts");
  return Number(row?.[0]);
}

Deno.test("whatever happens, the ledger sums to zero at every step and ends as the books say", async () => {
  const done = new Map<Step["kind"], number>();
  let [asked, effective] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), (steps) =>
      inProcess(async (run) => {
        const account = run.simulator.world.accounts.find("600000");
        assert.ok(account);
        const began = account.utilityCents;
        const checkouts: { id: string; account: string }[] = [];
        for (const step of steps) {
          asked++;
          if (await perform(run, step, checkouts)) {
            effective++;
            done.set(step.kind, (done.get(step.kind) ?? 0) + 1);
          }
          await run.pass(step.wait);
          assert.equal(await sum(run), 0);
        }
        await run.pass(3 * 3_600_000);
        const findings = await checkLedger(run);
        assert.deepEqual(findings.filter(({ kind }) => kind !== "placeholder_overdue"), []);
        const [[placeholders]] = await run.sql("SELECT count(*) FROM payments WHERE receipt IS NULL") as [[number]];
        assert.equal(findings[0]?.count ?? 0, placeholders, "what lacks a receipt is told, and nothing else");
        const held = await holdings(run);
        assert.equal(held.mpesa_utility ?? 0, account.utilityCents - began);
        const owed = (held.merchant_available ?? 0) + (held.suspense ?? 0) + (held.refunds ?? 0);
        const left = (held.mpesa_utility ?? 0) + (held.mpesa_charges ?? 0) + (held.fees ?? 0);
        assert.equal(owed, left);
      })),
    { numRuns: Number(Deno.env.get("BOOKS_RUNS") ?? 10), seed: Number(Deno.env.get("BOOKS_SEED") ?? 20_261_122) },
  );
  assert.ok(effective > 0.6 * asked, `only ${effective} of ${asked} steps did anything`);
  for (const kind of ["prompt", "paybill", "payout", "match", "refund"] as const) {
    assert.ok((done.get(kind) ?? 0) >= 3, `${kind} happened ${done.get(kind) ?? 0} times`);
  }
});
