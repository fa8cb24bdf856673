import type { Services } from "../context.ts";
import { type Condition, lister } from "../db/list.ts";
import { first, insert, rows, selectNested, update } from "../db/query.ts";
import { attempts, checkouts, payments } from "../db/schema.ts";
import type { Aggregate } from "./machine.ts";

const OWN = "checkout_id = checkouts.id";
const theirs = { table: attempts, where: OWN };
const selectById = selectNested(checkouts, theirs, { table: payments, where: OWN }, "WHERE id = ?");
const withReceipt = { table: payments, where: `${OWN} OR receipt = ?` };
const selectByIdAndReceipt = selectNested(checkouts, theirs, withReceipt, "WHERE id = ?");
const listing = lister(
  checkouts,
  (tail) => selectNested(checkouts, theirs, { table: payments, where: OWN }, tail),
);
type Whole = ReturnType<ReturnType<typeof selectById>["map"]>;
const selectByAttempt = selectNested(
  checkouts,
  theirs,
  withReceipt,
  "WHERE id = (SELECT checkout_id FROM attempts WHERE id = ?)",
);

export const insertCheckout = insert(checkouts);
export const insertAttempt = insert(attempts);
export const insertPayment = insert(payments);
export const updateCheckout = update(
  checkouts,
  ["status", "cancelled_at", "expired_at", "updated_at", "version"],
  "WHERE id = ? AND version = ?",
);
export const updateAttempt = update(
  attempts,
  [
    "status",
    "evidence",
    "request_ids",
    "failure",
    "result_code",
    "result_description",
    "polls",
    "accepted_at",
    "ended_at",
  ],
  "WHERE id = ?",
);
export const updatePayment = update(
  payments,
  ["checkout_id", "attempt_id", "receipt", "channel", "status", "phone", "payer_name", "paid_at", "updated_at"],
  "WHERE id = ? AND checkout_id IS ? AND status = ?",
);

/** A checkout with its attempts and payments, and the payment of `receipt` wherever it belongs, in one round trip. */
export const load = (services: Services, id: string, receipt?: string): Promise<Aggregate | null> =>
  gather(services, receipt === undefined ? selectById(id) : selectByIdAndReceipt(receipt, id));

/** The same, by the id of one of its attempts. */
export const loadByAttempt = (
  services: Services,
  attemptId: string,
  receipt: string | null,
): Promise<Aggregate | null> => gather(services, selectByAttempt(receipt, attemptId));

/** Checkouts under the given conditions, newest first, each whole, in one round trip. */
export async function listOf(
  { db }: Services,
  conditions: readonly Condition[],
  limit: number,
): Promise<readonly Aggregate[]> {
  const [found] = await rows(db, listing(conditions, checkouts.id, limit));
  return found.map(aggregate);
}

async function gather({ db }: Services, query: ReturnType<typeof selectById>): Promise<Aggregate | null> {
  const found = await first(db, query);
  return found === null ? null : aggregate(found);
}

const aggregate = ([checkout, attempts, payments]: Whole): Aggregate => ({ checkout, attempts, payments });
