import type { Database, Value } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";
import { findSubjects } from "../../domain/timeline/find-subjects.ts";

/** Which notices are replayed: those that came at or after `since` (ms), and those about these rows; null: about any. */
export interface Scope {
  readonly since: number;
  readonly about: ReadonlySet<string> | null;
}

/** All notices from a moment on (ms since 1970). */
export const everythingSince = (since: number): Scope => ({ since, about: null });

/** The notices about what `text` names: an id, an M-Pesa receipt or a reference. Null: nothing is called so. */
export async function scopeOf(db: Database, text: string): Promise<Scope | null> {
  const subjects = await findSubjects(db, text);
  if (subjects.length === 0) return null;
  const ids = JSON.stringify(subjects.flatMap(({ id, related }) => [id, ...related]));
  const [related] = await rows(db, relatedTo(ids));
  return { since: 0, about: new Set(related) };
}

/** The rows that notices name for these: attempts of checkouts, payouts, refunds, and the notices that told of payments. */
const relatedTo = (ids: string): Query<string> => ({
  sql: "WITH named AS (SELECT value AS id FROM json_each(?1)), " +
    "paid AS (SELECT id, checkout_id FROM payments WHERE id IN named OR checkout_id IN named) " +
    "SELECT id FROM named UNION SELECT id FROM attempts WHERE checkout_id IN named " +
    "OR checkout_id IN (SELECT checkout_id FROM paid) " +
    "UNION SELECT id FROM refunds WHERE payment_id IN (SELECT id FROM paid) " +
    "UNION SELECT payout_id FROM refunds WHERE payout_id IS NOT NULL AND payment_id IN (SELECT id FROM paid) " +
    "UNION SELECT id FROM notices WHERE payment_id IN (SELECT id FROM paid)",
  args: [ids],
  map: ([id]: readonly Value[]) => String(id),
});
