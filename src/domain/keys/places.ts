import type { Place, Vault } from "../../crypto/vault.ts";
import { type Query, statement } from "../../db/query.ts";

/** A column with sealed values. `row` is SQL for the row's name in the seal; `key` names one row of the table. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  readonly key: string;
}

const byId = (table: string, ...columns: readonly string[]): SealedColumn[] =>
  columns.map((column) => ({ table, column, key: "id" }));

/** Every column that holds sealed values. A test compares them with the schema. */
export const SEALED: readonly SealedColumn[] = [
  ...byId("shortcodes", "credentials", "pull_phone"),
  ...byId("webhook_endpoints", "secret", "previous_secret"),
  ...byId("attempts", "phone", "request_ids"),
  ...byId("payments", "phone", "payer_name"),
  ...byId("payouts", "phone", "given_name", "payee_name"),
  ...byId("payees", "name", "given_name", "confirmed_pair"),
  ...byId("standing_orders", "phone"),
  ...byId("standing_accounts", "name"),
  ...byId("change_requests", "input"),
  ...byId("attention_notes", "text"),
  ...byId("notices", "body"),
  ...byId("people", "identity"),
  ...byId("passkeys", "credential"),
  ...byId("outside_subjects", "subject"),
  ...byId("signed_requests", "content"),
  ...byId("clients", "access_seal", "row_seal"),
  { table: "idempotency_keys", column: "body", key: "merchant_id || '/' || key" },
];

export const nameOf = ({ table, column }: Pick<SealedColumn, "table" | "column">): string => `${table}.${column}`;
export const placeOf = ({ table, column }: SealedColumn, row: string): Place => ({ table, column, row });

/** The first bytes of what a key has sealed (see `crypto/vault.ts`), as SQL in hex. */
const headOf = (keyId: string): string => {
  const id = new TextEncoder().encode(keyId);
  return Uint8Array.of(1, id.length, ...id).toHex();
};

/** Rows whose value another key has sealed, after a row. */
export const sealedByOthers = (
  { table, column, key }: SealedColumn,
  vault: Pick<Vault, "activeKey">,
  after: string,
  limit: number,
): Query<{ readonly row: string; readonly value: Uint8Array }> => {
  const head = headOf(vault.activeKey);
  return {
    ...statement(
      `SELECT ${key} AS row, ${column} FROM ${table} WHERE ${key} > ? AND ${column} IS NOT NULL ` +
        `AND substr(${column}, 1, ${head.length / 2}) <> x'${head}' ORDER BY ${key} LIMIT ?`,
      after,
      limit,
    ),
    scan: true,
    map: ([row, value]) => ({ row: String(row), value: value instanceof Uint8Array ? value : new Uint8Array() }),
  };
};

/** How many values of a column another key than this one has sealed. */
export const countSealedByOthers = ({ table, column }: SealedColumn, keyId: string): Query<number> => {
  const head = headOf(keyId);
  return {
    sql: `SELECT count(*) FROM ${table} WHERE ${column} IS NOT NULL AND substr(${column}, 1, ${head.length / 2}) <> ` +
      `x'${head}'`,
    args: [],
    scan: true,
    map: ([count]) => Number(count),
  };
};
