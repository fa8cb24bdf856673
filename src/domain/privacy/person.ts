import type { Vault } from "../../crypto/vault.ts";
import type { Database, Value } from "../../db/database.ts";
import { type Query, rows, select, statement } from "../../db/query.ts";
import { attempts, checkouts, payments, payouts } from "../../db/schema.ts";
import { phoneIndexes } from "../payments/phone-index.ts";
import { phoneAccounts } from "./scrub.ts";

export type AttemptRow = typeof attempts.$inferSelect;
export type CheckoutRow = typeof checkouts.$inferSelect;
export type PaymentRow = typeof payments.$inferSelect;
export type PayoutRow = typeof payouts.$inferSelect;

/** Everything that the service holds about one phone. */
export interface Person {
  /** 12 digits. */
  readonly phone: string;
  readonly attempts: readonly AttemptRow[];
  readonly checkouts: readonly CheckoutRow[];
  /** Money that the phone paid. */
  readonly payments: readonly PaymentRow[];
  /** Money of any phone for which the customer typed this one as account. */
  readonly named: readonly PaymentRow[];
  readonly payouts: readonly PayoutRow[];
}

const list = (values: readonly string[]) => JSON.stringify(values);
const IN = "IN (SELECT unhex(value) FROM json_each(?))";
const hex = (indexes: readonly Uint8Array[]) => list(indexes.map((index) => index.toHex()));

/** Whose rows: those of one merchant, or with null those of all. */
const ofMerchant = (merchant: string | null): readonly [sql: string, ...args: Value[]] =>
  merchant === null ? ["1 = 1"] : ["merchant_id = ?", merchant];

/** Finds what belongs to a phone (12 digits), by its blind indexes. `merchant`: only what is that merchant's. */
export async function findPerson(
  { db, vault }: { readonly db: Database; readonly vault: Vault },
  phone: string,
  merchant: string | null,
): Promise<Person> {
  const { clear, hashed } = phoneIndexes({ vault }, phone);
  const [own, ...args] = ofMerchant(merchant);
  const [prompted, foundPayouts, told, namedByPhone] = await rows(
    db,
    select(attempts, `WHERE phone_index ${IN} AND checkout_id IN (SELECT id FROM checkouts WHERE ${own})`)(
      hex(clear),
      ...args,
    ),
    select(payouts, `WHERE phone_index ${IN} AND ${own}`)(hex(clear), ...args),
    select(payments, `WHERE id IN (SELECT payment_id FROM payment_phones WHERE phone_index ${IN}) AND ${own}`)(
      hex([...clear, ...hashed]),
      ...args,
    ),
    select(
      payments,
      `WHERE shortcode_id IN (SELECT id FROM shortcodes) AND account_key IN (SELECT value FROM json_each(?)) AND ${own}`,
    )(list(phoneAccounts(phone)), ...args),
  );
  const ids = list(prompted.map(({ id }) => id));
  const [paid, theirs] = await rows(
    db,
    select(payments, "WHERE attempt_id IN (SELECT value FROM json_each(?))")(ids),
    select(checkouts, "WHERE id IN (SELECT value FROM json_each(?))")(
      list([...new Set(prompted.map(({ checkout_id }) => checkout_id))]),
    ),
  );
  const known = new Map([...told, ...paid].map((row) => [row.id, row]));
  const named = namedByPhone.filter(({ id }) => !known.has(id));
  return {
    phone,
    attempts: prompted,
    checkouts: theirs,
    payments: [...known.values()],
    named,
    payouts: foundPayouts,
  };
}

/** The merchants that hold something about a person. */
export const merchantsOf = (person: Person): readonly string[] =>
  [
    ...new Set(
      [...person.checkouts, ...person.payments, ...person.named, ...person.payouts].map(({ merchant_id }) =>
        merchant_id
      ),
    ),
  ].sort();

/** What is still under way, by id: it can't be erased before it ends. */
export function underWay(person: Person): readonly string[] {
  return [
    ...person.attempts.filter(({ status }) => status === "pending").map(({ id }) => id),
    ...person.checkouts.filter(({ status }) => ["open", "pending", "review"].includes(status)).map(({ id }) => id),
    ...person.payouts.filter(({ status }) => !["succeeded", "failed", "rejected", "cancelled"].includes(status))
      .map(({ id }) => id),
  ];
}

/** Refunds of a person's payments that have no end yet. */
export const refundsUnderWay = (person: Person): Query<string> => ({
  ...statement(
    "SELECT id FROM refunds WHERE payment_id IN (SELECT value FROM json_each(?)) AND status NOT IN ('succeeded', 'failed')",
    list(person.payments.map(({ id }) => id)),
  ),
  map: ([id]) => String(id),
});
