import type { Services } from "../context.ts";
import { columnNames, insert, rows, select, update } from "../db/query.ts";
import { attempts, checkouts, payments } from "../db/schema.ts";
import type { Aggregate } from "./machine.ts";

const selectCheckout = select(checkouts, "WHERE id = ?");
const selectAttempts = select(attempts, "WHERE checkout_id = ? ORDER BY id");
const selectPayments = select(payments, "WHERE checkout_id = ? ORDER BY id");
const UNION_RECEIPT = `UNION SELECT ${columnNames(payments)} FROM payments WHERE receipt = ? ORDER BY 1`;
const selectPaymentsAndReceipt = select(payments, `WHERE checkout_id = ? ${UNION_RECEIPT}`);
const selectByAttempt = select(checkouts, "WHERE id = (SELECT checkout_id FROM attempts WHERE id = ?)");
const selectSiblings = select(
  attempts,
  "WHERE checkout_id = (SELECT checkout_id FROM attempts WHERE id = ?) ORDER BY id",
);
const selectTheirPayments = select(
  payments,
  `WHERE checkout_id = (SELECT checkout_id FROM attempts WHERE id = ?) ${UNION_RECEIPT}`,
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
export async function load(services: Services, id: string, receipt?: string): Promise<Aggregate | null> {
  const found = receipt === undefined
    ? await rows(services.db, selectCheckout(id), selectAttempts(id), selectPayments(id))
    : await rows(services.db, selectCheckout(id), selectAttempts(id), selectPaymentsAndReceipt(id, receipt));
  const [[checkout], own, paid] = found;
  return checkout === undefined ? null : { checkout, attempts: own, payments: paid };
}

/** The same, by the id of one of its attempts. */
export async function loadByAttempt(
  services: Services,
  attemptId: string,
  receipt: string | null,
): Promise<Aggregate | null> {
  const [[checkout], own, paid] = await rows(
    services.db,
    selectByAttempt(attemptId),
    selectSiblings(attemptId),
    selectTheirPayments(attemptId, receipt),
  );
  return checkout === undefined ? null : { checkout, attempts: own, payments: paid };
}
