import type { Database, Value } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";
import type { TimelineSubject } from "./timeline.ts";

/** What a text names: the subject of a timeline, and what its first line says of it. `amount` in cents. */
export interface FoundSubject extends TimelineSubject {
  readonly amount: number;
  readonly receipt: string | null;
}

/** Of each kind. */
const MOST = 10;
const PAYMENTS_OF = "(SELECT json_group_array(id) FROM payments p WHERE p.checkout_id = c.id)";

const text = (value: Value | undefined): string | null => typeof value === "string" ? value : null;

const subject = (kind: TimelineSubject["kind"], sql: string, args: readonly Value[]): Query<FoundSubject> => ({
  sql: `${sql} ORDER BY 1 DESC LIMIT ${MOST}`,
  args: [...args],
  map: ([id, merchant, status, amount, reference, receipt, updatedAt, related, needsPerson, createdAt]) => ({
    kind,
    id: String(id),
    merchantId: String(merchant),
    status: String(status),
    amount: Number(amount),
    reference: String(reference ?? id),
    receipt: text(receipt),
    updatedAt: Number(updatedAt),
    related: JSON.parse(String(related)),
    needsPerson: needsPerson === 1,
    ...kind === "payment" ? { arrived: { amount: Number(amount), receipt: text(receipt), at: Number(createdAt) } } : {},
  }),
});

/**
 * What an id, an M-Pesa receipt or a reference names, of any merchant: for the command line, which reads the database
 * itself. The ids of attempts, notices and events name what they are about. A receipt names its payment, and the checkout that
 * has it.
 */
export async function findSubjects(db: Database, text: string): Promise<FoundSubject[]> {
  const receipt = text.toUpperCase();
  const [named] = await rows(db, {
    sql: "SELECT checkout_id FROM attempts WHERE id = ?1 UNION SELECT subject_id FROM events WHERE id = ?1 " +
      "UNION SELECT coalesce(payment_id, subject_id) FROM notices WHERE id = ?1",
    args: [text],
    map: ([id]: readonly Value[]) => String(id),
  });
  const [attempt] = named;
  const ofAttempt = attempt?.startsWith("att_") === true
    ? (await rows(db, {
      sql: "SELECT checkout_id FROM attempts WHERE id = ?",
      args: [attempt],
      map: ([id]: readonly Value[]) => String(id),
    }))[0][0]
    : attempt;
  const id = ofAttempt ?? text;
  const found = await rows(
    db,
    subject(
      "checkout",
      "SELECT c.id, c.merchant_id, c.status, c.amount, c.reference, " +
        "(SELECT receipt FROM payments p WHERE p.checkout_id = c.id AND p.receipt IS NOT NULL LIMIT 1), c.updated_at, " +
        `${PAYMENTS_OF}, 0, c.created_at FROM checkouts c WHERE c.id = ? OR c.reference = ? OR c.account_reference = ? ` +
        "OR c.id IN (SELECT checkout_id FROM payments WHERE receipt = ?)",
      [id, text, text, receipt],
    ),
    subject(
      "payment",
      "SELECT id, merchant_id, status, amount, coalesce(receipt, id), receipt, updated_at, '[]', 0, created_at FROM payments " +
        "WHERE id = ? OR receipt = ? OR (checkout_id IS NULL AND account_reference = ?)",
      [id, receipt, text],
    ),
    subject(
      "payout",
      "SELECT id, merchant_id, status, amount, reference, receipt, updated_at, '[]', needs_person, created_at FROM payouts " +
        "WHERE id = ? OR receipt = ? OR reference = ?",
      [id, receipt, text],
    ),
    subject(
      "refund",
      "SELECT id, merchant_id, status, amount, id, receipt, updated_at, " +
        "CASE WHEN payout_id IS NULL THEN '[]' ELSE json_array(payout_id) END, needs_person, created_at FROM refunds " +
        "WHERE id = ? OR receipt = ? OR payment_id = ?",
      [id, receipt, id],
    ),
  );
  return found.flat();
}
