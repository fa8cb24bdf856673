import type { Reach } from "../../db/reach.ts";
import { Problem } from "../../problems/problem.ts";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import type { Value } from "../../db/database.ts";
import { columnNames, first, type Query, rows, select } from "../../db/query.ts";
import { ledgerAccounts, ledgerChecks, ledgerEntries } from "../../db/schema.ts";
import { formatTime } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, checkRanges, endOfBeginning, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { idBeforeCursor, type Page, toPage } from "../../http/pagination.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { type Account, accounts, displayedBalance } from "./accounts.ts";
import { findingText } from "./finding.ts";
import type {
  LedgerAccountView,
  LedgerCheckView,
  LedgerEntryView,
  listLedger as ledgerContract,
  listLedgerChecks as checksContract,
} from "./contract.ts";

type Entry = typeof ledgerEntries.$inferSelect;
type Check = typeof ledgerChecks.$inferSelect;

const columns = columnNames(ledgerEntries);
const selectEntries = select(ledgerEntries, "");
const selectAccounts = select(ledgerAccounts, "WHERE merchant_id = ? ORDER BY shortcode_id, account");
const selectCheck = select(ledgerChecks, "WHERE id = ? AND merchant_id = ?");
const selectLastCheck = select(ledgerChecks, "WHERE merchant_id = ? ORDER BY id DESC LIMIT 1");

/** An id that sorts like the number of the entry. */
const entryId = (entry: number): string => `led_${String(entry).padStart(12, "0")}`;

function entryBeforeCursor(cursor: string | undefined): number {
  const id = idBeforeCursor(cursor);
  return /^led_\d{12}$/.test(id) ? Number(id.slice(4)) : Number.MAX_SAFE_INTEGER;
}

interface EntryFilter {
  readonly merchantId: string;
  readonly before: number;
  readonly limit: number;
  readonly account: Account | undefined;
  readonly shortcodeId: string | undefined;
  readonly subject: string | undefined;
  /** SQL and its argument, one for each further filter. */
  readonly further: readonly (readonly [sql: string, ...args: Value[]])[];
}

/** The query for a page of entries, newest first. With an account, both sides are searched, each by its own index. */
function entriesQuery(
  { merchantId, before, limit, account, shortcodeId, subject, further: more }: EntryFilter,
): Query<Entry> {
  const further = [
    ...(shortcodeId === undefined ? [] : [["shortcode_id", shortcodeId] as const]),
    ...(subject === undefined ? [] : [["subject_id", subject] as const]),
  ];
  const part = (column: "debit" | "credit" | null) => {
    const filters = column === null || account === undefined ? further : [[column, account] as const, ...further];
    // Without INDEXED BY, SQLite reads all entries of the merchant.
    const index = subject === undefined ? column : "subject";
    const by = index === null ? "" : ` INDEXED BY ledger_entries_by_${index}`;
    const where = filters.map(([name]) => ` AND ${name} = ?`).join("") + more.map(([sql]) => ` AND ${sql}`).join("");
    return {
      sql:
        `SELECT ${columns} FROM ledger_entries${by} WHERE merchant_id = ? AND entry < ?${where} ORDER BY entry DESC LIMIT ?`,
      args: [merchantId, before, ...filters.map(([, value]) => value), ...more.flatMap(([, ...args]) => args), limit],
    };
  };
  const { map } = selectEntries();
  if (account === undefined) return { ...part(null), map };
  const [debits, credits] = [part("debit"), part("credit")];
  return {
    sql: `SELECT * FROM (${debits.sql}) UNION ALL SELECT * FROM (${credits.sql}) ORDER BY entry DESC LIMIT ?`,
    args: [...debits.args, ...credits.args, limit],
    map,
  };
}

/** Ledger entries, newest first, with the balances of the accounts and the last check. Errors: `invalid_query`. */
export async function listLedger(ctx: Context, input: Input<typeof ledgerContract>): Promise<
  Page<LedgerEntryView> & { accounts: LedgerAccountView[]; last_check: LedgerCheckView | null }
> {
  requireScope(ctx, "ledger:read");
  const merchantId = oneMerchant(reachTo(ctx, input.merchant));
  const own = await ctx.shortcodes.ofMerchant(merchantId);
  const shortcodeId = input.shortcode === undefined ? undefined : idOfNumber(own, input.shortcode);
  const further = furtherFilters(input);
  const query = entriesQuery({
    merchantId,
    before: entryBeforeCursor(input.cursor),
    limit: input.limit + 1,
    account: input.account,
    shortcodeId,
    subject: input.subject,
    further,
  });
  const walks = (shortcodeId !== undefined && input.subject === undefined) || further.length > 0;
  const [found, balances, [last]] = await rows(
    ctx.db,
    walks ? { ...query, scan: true } : query,
    selectAccounts(merchantId),
    selectLastCheck(merchantId),
  );
  const numbers = await shortcodeNumbers(ctx, [...found, ...balances]);
  const shown = found.map((entry) => ({ ...entry, id: entryId(entry.entry) }));
  return {
    ...toPage(shown, input.limit, (entry) => entryView(entry, numbers, input.account)),
    accounts: balances.filter((b) =>
      (shortcodeId === undefined || b.shortcode_id === shortcodeId) &&
      (input.account === undefined || b.account === input.account)
    ).map((b) => accountView(b, numbers)),
    last_check: last === undefined ? null : checkView(last),
  };
}

/** Balances and the last check are of one merchant. Errors: `invalid_query` for `all`. */
function oneMerchant(reach: Reach): string {
  if (reach.kind === "own") return reach.merchantId;
  throw new Problem("invalid_query", "merchant: a ledger belongs to one merchant; name one instead of all.", {
    errors: [{ pointer: "merchant", detail: "must be the id of one merchant" }],
  });
}

/** The filters that no index serves. */
function furtherFilters(input: Input<typeof ledgerContract>): EntryFilter["further"] {
  checkRanges(input);
  const { created_from: from, created_to: to, amount_min: min, amount_max: max, q } = input;
  return [
    ...from === undefined ? [] : [["at >= ?", from] as const],
    ...to === undefined ? [] : [["at < ?", to] as const],
    ...min === undefined ? [] : [["amount >= ?", min] as const],
    ...max === undefined ? [] : [["amount <= ?", max] as const],
    ...q === undefined ? [] : [["subject_id >= ? AND subject_id < ?", q, endOfBeginning(q)] as const],
  ];
}

async function shortcodeNumbers(
  ctx: Context,
  rows: readonly { readonly shortcode_id: string }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(rows.map((row) => row.shortcode_id))];
  const found = await Promise.all(ids.map((id) => ctx.shortcodes.byId(id)));
  return new Map(found.map(({ id, number }) => [id, number]));
}

/** The id of a number. A number of another merchant gives "", which matches nothing, like a number that does not exist. */
const idOfNumber = (own: readonly Shortcode[], number: string): string =>
  own.find((shortcode) => shortcode.number === number)?.id ?? "";

function entryView(
  entry: Entry & { id: string },
  numbers: ReadonlyMap<string, string>,
  asked: Account | undefined,
): LedgerEntryView {
  const debit = { account: entry.debit as Account, balance: displayedBalance(entry.debit, entry.debit_balance) }; // the CHECKs of the table allow no other value
  const credit = { account: entry.credit as Account, balance: displayedBalance(entry.credit, entry.credit_balance) };
  return {
    id: entry.id,
    cause: entry.cause as LedgerEntryView["cause"],
    subject: entry.subject_id,
    shortcode: numbers.get(entry.shortcode_id) ?? "",
    amount: entry.amount,
    currency: "KES",
    debit,
    credit,
    balance: [debit, credit].find(({ account }) => account === asked)?.balance ?? null,
    created_at: formatTime(entry.at),
  };
}

const accountView = (
  row: typeof ledgerAccounts.$inferSelect,
  numbers: ReadonlyMap<string, string>,
): LedgerAccountView => {
  const account = row.account as Account; // the CHECKs of the entries allow no other value
  const shortcode = numbers.get(row.shortcode_id) ?? "";
  return { shortcode, account, kind: accounts[account], balance: displayedBalance(account, row.balance) };
};

const findingView = (finding: Check["findings"][number]): LedgerCheckView["findings"][number] => ({
  ...finding,
  count: finding.count ?? null,
  subjects: [...finding.subjects ?? []],
  text: findingText(finding.kind),
});

/** A check as the API shows it. */
export const checkView = ({ id, day, findings, at }: Check): LedgerCheckView => ({
  id,
  day,
  ok: findings.length === 0,
  findings: findings.map(findingView),
  created_at: formatTime(at),
});

const checkColumns: ListColumns = {
  id: ledgerChecks.id,
  prefix: "lck",
  at: ledgerChecks.at,
  search: (text) => beginsAny([ledgerChecks.id, ledgerChecks.day], text),
};

/** The ledger's checks, newest first. Errors: `invalid_query`. */
export async function listLedgerChecks(
  ctx: Context,
  input: Input<typeof checksContract>,
): Promise<Page<LedgerCheckView>> {
  requireScope(ctx, "ledger:read");
  const filter = listFilter(input, checkColumns);
  const found = await listBy(ctx.db, reachTo(ctx, input.merchant), ledgerChecks, filter, input.limit + 1);
  return toPage(found, input.limit, checkView);
}

/** The check that an earlier request with the same Idempotency-Key made. */
export async function resumeCheck(ctx: Context, { id }: { id: string }): Promise<LedgerCheckView> {
  const found = await first(ctx.db, selectCheck(id, ctx.merchantId));
  if (found === null) throw new Error(`ledger check ${id} is gone`);
  return checkView(found);
}
