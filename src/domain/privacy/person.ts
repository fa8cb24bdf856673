import type { Vault } from "../../crypto/vault.ts";
import { nairobiDay } from "../../daraja/time.ts";
import type { Database, Value } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import {
  attempts,
  attentionNotes,
  checkouts,
  payees,
  payments,
  payouts,
  refunds,
  standingAccounts,
} from "../../db/schema.ts";
import { type AccountState, withSums } from "../accounts/store.ts";
import { phoneIndexes } from "../payments/phone-index.ts";
import { findStandingOrders, type StandingOrderRow } from "./find-standing-orders.ts";
import { phoneAccounts, phoneForms } from "./scrub.ts";

export type AttemptRow = typeof attempts.$inferSelect;
export type CheckoutRow = typeof checkouts.$inferSelect;
export type PaymentRow = typeof payments.$inferSelect;
export type PayoutRow = typeof payouts.$inferSelect;
export type RefundRow = typeof refunds.$inferSelect;
export type PayeeRow = typeof payees.$inferSelect;
export type NoteRow = typeof attentionNotes.$inferSelect;

/** Everything that the service holds about one phone. */
export interface Person {
  /** 12 digits. */
  readonly phone: string;
  readonly attempts: readonly AttemptRow[];
  /** Those that have prompted the phone, and those whose reference or account it is. */
  readonly checkouts: readonly CheckoutRow[];
  /** Standing accounts whose number is the phone. */
  readonly accounts: readonly AccountState[];
  /** Money that the phone paid. */
  readonly payments: readonly PaymentRow[];
  /** Money of any phone for which the customer typed this one as account. */
  readonly named: readonly PaymentRow[];
  readonly payouts: readonly PayoutRow[];
  /** Refunds of the money that the phone paid. */
  readonly refunds: readonly RefundRow[];
  /** What each merchant's book says of the phone. */
  readonly payees: readonly PayeeRow[];
  readonly standingOrders: readonly StandingOrderRow[];
  /** What people wrote about any of these. */
  readonly notes: readonly NoteRow[];
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
  const accounts = list(phoneAccounts(phone));
  const [prompted, foundPayouts, told, namedByPhone, inBooks, accounted, checkoutsNamed, referring] = await rows(
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
    )(accounts, ...args),
    select(payees, `WHERE phone_index ${IN} AND ${own}`)(hex(clear), ...args),
    select(
      standingAccounts,
      `WHERE shortcode_id IN (SELECT id FROM shortcodes) AND account_key IN (SELECT value FROM json_each(?)) AND ${own}`,
    )(accounts, ...args),
    select(
      checkouts,
      `WHERE shortcode_id IN (SELECT id FROM shortcodes) AND account_key IN (SELECT value FROM json_each(?)) AND ${own}`,
    )(accounts, ...args),
    select(
      checkouts,
      `WHERE merchant_id IN (SELECT id FROM merchants) AND reference IN (SELECT value FROM json_each(?)) AND ${own}`,
    )(list(phoneForms(phone)), ...args),
  );
  const standingOrders = await findStandingOrders({ db, vault }, phone, merchant);
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
  const [givenBack] = await rows(
    db,
    select(refunds, "WHERE payment_id IN (SELECT value FROM json_each(?))")(list([...known.keys()])),
  );
  const found = {
    attempts: prompted,
    checkouts: [...new Map([...theirs, ...checkoutsNamed, ...referring].map((row) => [row.id, row])).values()],
    accounts: await withSums({ db }, accounted),
    payments: [...known.values()],
    named,
    payouts: foundPayouts,
    refunds: givenBack,
    payees: inBooks,
    standingOrders,
  };
  const [notes] = await rows(
    db,
    select(attentionNotes, "WHERE case_id IN (SELECT 'case_' || value FROM json_each(?)) ORDER BY id")(
      list(subjectsOf(found)),
    ),
  );
  return { phone, ...found, notes };
}

/** The ids of all rows about a person. */
export const subjectsOf = (person: Omit<Person, "phone" | "notes">): readonly string[] =>
  [
    ...person.attempts,
    ...person.checkouts,
    ...person.accounts.map(({ account }) => account),
    ...person.payments,
    ...person.named,
    ...person.payouts,
    ...person.refunds,
    ...person.payees,
    ...person.standingOrders,
  ].map(({ id }) => id);

/** The merchants that hold something about a person. */
export const merchantsOf = (person: Person): readonly string[] =>
  [
    ...new Set(
      [
        ...person.checkouts,
        ...person.accounts.map(({ account }) => account),
        ...person.payments,
        ...person.named,
        ...person.payouts,
        ...person.payees,
        ...person.standingOrders,
      ].map(({ merchant_id }) => merchant_id),
    ),
  ].sort();

/** What is still under way at `now` (ms), by id: it can't be erased before it ends. */
export function underWay(person: Person, now: number): readonly string[] {
  const isWithout = (...ends: string[]) => ({ status }: { readonly status: string }) => !ends.includes(status);
  return [
    ...person.attempts.filter(({ status }) => status === "pending"),
    ...person.checkouts.filter(({ status }) => ["open", "pending", "review"].includes(status)),
    ...person.accounts.filter(({ balance }) => balance !== 0).map(({ account }) => account),
    ...person.payouts.filter(isWithout("succeeded", "failed", "rejected", "cancelled")),
    ...person.refunds.filter(isWithout("succeeded", "failed")),
    ...person.standingOrders.filter((order) => order.status !== "failed" && order.end_day >= nairobiDay(now)),
  ].map(({ id }) => id);
}
