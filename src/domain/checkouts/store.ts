import type { Services } from "../../context/context.ts";
import { type Condition, lister } from "../../db/list.ts";
import { selectNested, whole } from "../../db/nested.ts";
import { first, insert, rows, update } from "../../db/query.ts";
import { attempts, checkouts, payments } from "../../db/schema.ts";
import type { Aggregate } from "./machine.ts";
import { viewColumns, type ViewRows } from "./view.ts";

const OWN = "checkout_id = checkouts.id";
const theirs = { ...whole(attempts), where: OWN };
const selectById = selectNested(whole(checkouts), theirs, { ...whole(payments), where: OWN }, "WHERE id = ?");
const withReceipt = { ...whole(payments), where: `${OWN} OR receipt = ?` };
const selectByIdAndReceipt = selectNested(whole(checkouts), theirs, withReceipt, "WHERE id = ?");
const selectByAttempt = selectNested(
  whole(checkouts),
  theirs,
  withReceipt,
  "WHERE id = (SELECT checkout_id FROM attempts WHERE id = ?)",
);

const selectShown = (tail: string) =>
  selectNested(
    { table: checkouts, keys: viewColumns.checkout },
    { table: attempts, keys: viewColumns.attempt, where: OWN },
    { table: payments, keys: viewColumns.payment, where: OWN },
    tail,
  );
const selectShownById = selectShown("WHERE id = ?");
const listing = lister(checkouts, selectShown);

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
export const loadCheckout = (services: Services, id: string, receipt?: string): Promise<Aggregate | null> =>
  gather(services, receipt === undefined ? selectById(id) : selectByIdAndReceipt(receipt, id));

/** The same, by the id of one of its attempts. */
export const loadCheckoutOfAttempt = (
  services: Services,
  attemptId: string,
  receipt: string | null,
): Promise<Aggregate | null> => gather(services, selectByAttempt(receipt, attemptId));

/** What a view shows of a checkout, in one round trip: as the database says it, and how to read that. */
export async function loadViewRows({ db }: Services, id: string): Promise<{ text: string; read(): ViewRows } | null> {
  const query = selectShownById(id);
  const text = await first(db, { ...query, map: ([value]) => String(value) });
  if (text === null) return null;
  return {
    text,
    read() {
      const [checkout, attempts, payments] = query.map([text]);
      return { checkout, attempts, payments };
    },
  };
}

/** What views show of the checkouts under the given conditions, newest first, in one round trip. */
export async function listViewRows(
  { db }: Services,
  conditions: readonly Condition[],
  limit: number,
): Promise<readonly ViewRows[]> {
  const [found] = await rows(db, listing(conditions, checkouts.id, limit));
  return found.map(([checkout, attempts, payments]) => ({ checkout, attempts, payments }));
}

async function gather({ db }: Services, query: ReturnType<typeof selectById>): Promise<Aggregate | null> {
  const found = await first(db, query);
  return found === null ? null : { checkout: found[0], attempts: found[1], payments: found[2] };
}
