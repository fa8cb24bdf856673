import type { InferSelectModel } from "drizzle-orm";
import type { Context } from "../../context/context.ts";
import type { Place } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { insert, type Query, select, statement, update } from "../../db/query.ts";
import { payees } from "../../db/schema.ts";

export type Payee = InferSelectModel<typeof payees>;

/** Whose entry of the book: a merchant's, for the phone with this blind index. */
export interface PayeeKey {
  readonly merchant_id: string;
  readonly phone_index: Uint8Array;
  readonly phone_masked: string;
}

export const selectPayee: (merchantId: string, phoneIndex: Uint8Array) => Query<Payee> = select(
  payees,
  "WHERE merchant_id = ? AND phone_index = ?",
);
/** The payee of a payout, by the payout's id. */
export const selectPayeeOfPayout: (payoutId: string) => Query<Payee> = select(
  payees,
  "WHERE (merchant_id, phone_index) = (SELECT merchant_id, phone_index FROM payouts WHERE id = ?)",
);
export const selectPayeeById: (id: string) => Query<Payee> = select(payees, "WHERE id = ?");

export const insertPayee: (row: Payee) => Statement = insert(payees);
export const updatePayee: (row: Payee, id: string, version: number) => Statement = update(
  payees,
  [
    "name",
    "name_source",
    "name_at",
    "given_name",
    "match",
    "confirmed_pair",
    "confirmed_by",
    "confirmed_at",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);

/** Statement: the batch fails with `conflict` if the entry is not as it was read. Null: there was none. */
export const abortIfPayeeChanged = (key: PayeeKey, known: Payee | null): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE " +
      "(SELECT version FROM payees WHERE merchant_id = ? AND phone_index = ?) IS NOT ?",
    key.merchant_id,
    key.phone_index,
    known?.version ?? null,
  );

export const namePlace = (column: "name" | "given_name", id: string): Place => ({ table: "payees", column, row: id });

/** The two names of an entry. */
export async function namesOf(
  { vault }: Pick<Context, "vault">,
  payee: Payee,
): Promise<{ readonly name: string; readonly given: string | null }> {
  const [name, given] = await Promise.all([
    vault.openText(payee.name, namePlace("name", payee.id)),
    payee.given_name === null ? null : vault.openText(payee.given_name, namePlace("given_name", payee.id)),
  ]);
  return { name, given };
}
