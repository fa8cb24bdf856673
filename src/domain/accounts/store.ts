import type { InferSelectModel } from "drizzle-orm";
import type { Context, Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged, first, insert, type Query, rows, select, statement, update } from "../../db/query.ts";
import { accountApplications, standingAccounts } from "../../db/schema.ts";
import { within } from "../../db/reach.ts";
import { chooseAccount } from "./choose-account.ts";
import { Problem } from "../../problems/problem.ts";
import { allocatedSql, balanceSql } from "../settlement/account-balance.ts";

export type StandingAccount = InferSelectModel<typeof standingAccounts>;

/** An account with its sums, in cents. */
export interface AccountState {
  readonly account: StandingAccount;
  readonly balance: number;
  /** All that came for the account and stayed, also what paid its checkouts directly. */
  readonly received: number;
}

const selectById = select(standingAccounts, "WHERE id = ?");
export const insertAccount = insert(standingAccounts);
const updateRow = update(
  standingAccounts,
  [
    "name",
    "apply",
    "expected_amount",
    "due_day",
    "expected_before",
    "expected_since",
    "next_check_at",
    "told_version",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);
export const insertApplication = insert(accountApplications);

/** SQL: the accounts whose key is that of the account `a`, as JSON. */
export const ALIKE = "(SELECT json_group_array(json_object('id', b.id, 'account_reference', b.account_reference)) " +
  "FROM standing_accounts b WHERE b.shortcode_id = a.shortcode_id AND b.account_key = a.account_key)";
const SUMS = `SELECT a.id, ${balanceSql("a.id")}, ${allocatedSql("a.id")} FROM standing_accounts a ` +
  "WHERE a.id IN (SELECT value FROM json_each(?))";
/** What paid checkouts of accounts directly, such as by a prompt, for each spelling of the account. */
const DIRECT = "SELECT a.id, c.account_reference, sum(p.amount - p.amount_promised - p.amount_taken_back), " +
  `${ALIKE} FROM standing_accounts a JOIN checkouts c ON c.shortcode_id = a.shortcode_id AND c.account_key = a.account_key ` +
  "JOIN payments p ON p.checkout_id = c.id AND p.status IN ('matched', 'partial') " +
  "WHERE a.id IN (SELECT value FROM json_each(?)) GROUP BY a.id, c.account_reference";

/**
 * Whether a checkout with this account is the account `id`'s, among those with its key (see {@link ALIKE}): `12/3` and
 * `1/23` have one key, and are two accounts.
 */
export function isOfAccount(id: string, reference: string, alike: string): boolean {
  const accounts: readonly { readonly id: string; readonly account_reference: string }[] = JSON.parse(alike);
  return chooseAccount(reference, accounts)?.id === id;
}

const selectDirect = (ids: readonly string[]): Query<readonly [string, number]> => ({
  ...statement(DIRECT, JSON.stringify(ids)),
  map: ([id, reference, sum, alike]) => [
    String(id),
    isOfAccount(String(id), String(reference), String(alike)) ? Number(sum) : 0,
  ],
});
const directOf = (sums: readonly (readonly [string, number])[], account: string): number =>
  sums.reduce((total, [id, sum]) => total + (id === account ? sum : 0), 0);

const selectSums = (ids: readonly string[]): Query<readonly [string, number, number]> => ({
  ...statement(SUMS, JSON.stringify(ids)),
  map: ([id, balance, received]) => [String(id), Number(balance), Number(received)],
});

/** The accounts with their sums, in the same order. */
export async function withSums(
  { db }: Pick<Services, "db">,
  accounts: readonly StandingAccount[],
): Promise<AccountState[]> {
  if (accounts.length === 0) return [];
  const ids = accounts.map(({ id }) => id);
  const [sums, direct] = await rows(db, selectSums(ids), selectDirect(ids));
  const byId = new Map(
    sums.map(([id, balance, allocated]) => [id, { balance, received: allocated + directOf(direct, id) }]),
  );
  return accounts.map((account) => ({ account, ...(byId.get(account.id) ?? { balance: 0, received: 0 }) }));
}

/** The account with its sums, as of one moment; null: there is none. */
export async function loadAccount({ db }: Pick<Services, "db">, id: string): Promise<AccountState | null> {
  const [[account], [sums], direct] = await rows(db, selectById(id), selectSums([id]), selectDirect([id]));
  if (account === undefined || sums === undefined) return null;
  return { account, balance: sums[1], received: sums[2] + directOf(direct, id) };
}

/** An account within the caller's reach. Errors: `not_found`. */
export async function loadReachedAccount(ctx: Context, id: string): Promise<AccountState> {
  const state = await loadAccount(ctx, id);
  if (state !== null && within(ctx.reach, state.account) !== null) return state;
  throw new Problem("not_found", "There is no account with this id. GET /v1/accounts lists yours.");
}

export const findById = (services: Pick<Services, "db">, id: string): Promise<StandingAccount | null> =>
  first(services.db, selectById(id));

/** The account as a change stores it and an event tells it. */
export const raised = (account: StandingAccount, now: number): StandingAccount => ({
  ...account,
  version: account.version + 1,
  told_version: account.version + 1,
  updated_at: Math.max(account.created_at, now),
});

/** Statements: store an account with its next version. They abort with `conflict` if it was changed since it was loaded. */
export const storeAccount = (after: StandingAccount): Statement[] => [
  updateRow(after, after.id, after.version - 1),
  abortIfUnchanged,
];

/** Statement: undoes the batch if more left the account than it has. It comes after the statements that take from it. */
export const abortIfOverdrawn = (id: string): Statement =>
  statement(`INSERT INTO guards (failed) SELECT 'conflict' WHERE ${balanceSql("?1")} < 0`, id);
