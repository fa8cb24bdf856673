import { hasChanged } from "../settlement/has-changed.ts";
import { asStored } from "../settlement/next-version.ts";
import { type Aggregate, type Attempt, type Payment, receivedOf } from "./machine.ts";
import { withMergedRefunds } from "./merge.ts";

/**
 * The state as a step stores it: each row that changed has its next version, and so has the checkout, which shows them. Views
 * and events are made of this state. A state with its next version stays as it is.
 */
export function checkoutAsStored(before: Aggregate, decided: Aggregate, now: number): Aggregate {
  if (decided.checkout.version !== before.checkout.version) return decided;
  const after = withReceived(withMergedRefunds(decided));
  const { merged = [] } = after;
  const attempts = after.attempts.map((attempt) => attemptAsStored(find(before.attempts, attempt), attempt));
  const payments = after.payments.map((decided) => {
    const payment = withoutShares(decided);
    const was = find(before.payments, payment);
    if (was === undefined) return payment;
    const isMergedInto = merged.some(({ into }) => into === payment.id);
    return isMergedInto ? raised(payment, now) : asStored(was, payment, now);
  });
  const isChanged = merged.length > 0 || hasNew(before.attempts, attempts) || hasNew(before.payments, payments);
  const checkout = isChanged ? raised(after.checkout, now) : asStored(before.checkout, after.checkout, now);
  return { ...after, checkout, attempts, payments };
}

/** What is held of its money, as the checkout shows it. */
function withReceived(state: Aggregate): Aggregate {
  const amount_received = receivedOf(state);
  const { checkout } = state;
  return checkout.amount_received === amount_received
    ? state
    : { ...state, checkout: { ...checkout, amount_received } };
}

/** Money that belongs to one checkout has no shares elsewhere. */
const withoutShares = (payment: Payment): Payment =>
  payment.checkout_id === null || payment.allocations === null ? payment : { ...payment, allocations: null };

const find = <T extends { readonly id: string }>(rows: readonly T[], { id }: T): T | undefined =>
  rows.find((row) => row.id === id);

/** Whether a row is new or was changed. */
const hasNew = <T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): boolean =>
  after.some((row) => {
    const was = find(before, row);
    return was === undefined || hasChanged(was, row);
  });

function attemptAsStored(before: Attempt | undefined, after: Attempt): Attempt {
  if (before === undefined || !hasChanged(before, after)) return after;
  return { ...after, version: before.version + 1 };
}

/** The row with its next version, whether or not one of its own columns changed. */
const raised = <Row extends Aggregate["checkout"] | Payment>(row: Row, now: number): Row => ({
  ...row,
  version: row.version + 1,
  updated_at: Math.max(row.created_at, now),
});
