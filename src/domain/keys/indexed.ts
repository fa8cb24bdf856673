import type { Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, type Query, statement } from "../../db/query.ts";
import { kenyanMobile } from "../../http/fields.ts";
import { emailIndex, openIdentity } from "../people/store.ts";
import { maskedIndex } from "../payments/phone-index.ts";

/** A row with a blind index. */
export interface IndexedRow {
  readonly id: string;
  readonly index: Uint8Array;
  readonly sealed: Uint8Array | null;
  /** What else decides about the index. */
  readonly kind: string;
}

/** A column with blind indexes, and how one is made again. */
export interface IndexedColumn {
  readonly table: string;
  readonly column: string;
  select(after: string, limit: number): Query<IndexedRow>;
  /** The index by the active key; null where what it was made of is gone. */
  remake(services: Services, row: IndexedRow): Promise<Uint8Array | null>;
  store(row: IndexedRow, index: Uint8Array): Statement;
}

const rowOf: Query<IndexedRow>["map"] = ([id, index, sealed, kind]) => ({
  id: String(id),
  index: index instanceof Uint8Array ? index : new Uint8Array(),
  sealed: sealed instanceof Uint8Array ? sealed : null,
  kind: String(kind ?? ""),
});

const pages = (sql: string) => (after: string, limit: number): Query<IndexedRow> => ({
  ...statement(sql, after, limit),
  map: rowOf,
});

const storeIn =
  (table: string, key: string, column = "phone_index") => ({ id, index }: IndexedRow, made: Uint8Array): Statement =>
    statement(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ? AND ${column} = ?`, made, id, index);

const open = ({ vault }: Services, table: string, { id, sealed }: IndexedRow): Promise<string> =>
  vault.openText(sealed ?? new Uint8Array(), { table, column: "phone", row: id });

/** Where M-Pesa hashed or masked the phone of a C2B payment, only its message has it. */
const MSISDN = /"MSISDN"\s*:\s*"([^"]{1,80})"/i;

async function indexOfTold({ db, vault }: Services, paymentId: string): Promise<Uint8Array | null> {
  const notice = await first(db, {
    ...statement("SELECT id, body FROM notices WHERE payment_id = ? AND kind = 'c2b_confirmation' LIMIT 1", paymentId),
    map: ([id, body]) => ({ id: String(id), body: body instanceof Uint8Array ? body : new Uint8Array() }),
  });
  if (notice === null) return null;
  const text = await vault.openText(notice.body, { table: "notices", column: "body", row: notice.id });
  const told = MSISDN.exec(text)?.[1] ?? "";
  return /^[0-9a-f]{64}$/i.test(told) ? vault.index("phone_sha256", told.toLowerCase()) : maskedIndex(vault, told);
}

/** Every column with blind indexes. A test compares them with the schema. */
export const INDEXED: readonly IndexedColumn[] = [
  {
    // Before that of payouts: the phone of a payee is that of a payout which has the same index until then.
    table: "payees",
    column: "phone_index",
    select: pages(
      "SELECT e.id, e.phone_index, p.phone, p.id FROM payees e LEFT JOIN payouts p ON p.id = (SELECT id FROM payouts " +
        "WHERE merchant_id = e.merchant_id AND phone_index = e.phone_index LIMIT 1) WHERE e.id > ? ORDER BY e.id LIMIT ?",
    ),
    remake: async (services, row) =>
      row.sealed === null
        ? null
        : services.vault.index("phone", await open(services, "payouts", { ...row, id: row.kind })),
    store: storeIn("payees", "id"),
  },
  {
    table: "attempts",
    column: "phone_index",
    select: pages("SELECT id, phone_index, phone, 'phone' FROM attempts WHERE id > ? ORDER BY id LIMIT ?"),
    remake: async (services, row) => services.vault.index("phone", await open(services, "attempts", row)),
    store: storeIn("attempts", "id"),
  },
  {
    table: "payouts",
    column: "phone_index",
    select: pages("SELECT id, phone_index, phone, destination FROM payouts WHERE id > ? ORDER BY id LIMIT ?"),
    remake: async (services, row) => services.vault.index(row.kind, await open(services, "payouts", row)),
    store: storeIn("payouts", "id"),
  },
  {
    table: "payment_phones",
    column: "phone_index",
    select: pages(
      "SELECT t.payment_id, t.phone_index, p.phone, '' FROM payment_phones t JOIN payments p ON p.id = t.payment_id " +
        "WHERE t.payment_id > ? ORDER BY t.payment_id LIMIT ?",
    ),
    async remake(services, row) {
      if (row.sealed === null) return await indexOfTold(services, row.id);
      const digits = kenyanMobile(await open(services, "payments", row));
      return digits === null ? null : services.vault.index("phone", digits);
    },
    store: storeIn("payment_phones", "payment_id"),
  },
  {
    table: "people",
    column: "email_index",
    select: pages("SELECT id, email_index, identity, '' FROM people WHERE id > ? ORDER BY id LIMIT ?"),
    async remake({ vault }, { id, sealed }) {
      if (sealed === null) return null;
      return emailIndex(vault, (await openIdentity(vault, { id, identity: sealed })).email);
    },
    store: storeIn("people", "id", "email_index"),
  },
];
