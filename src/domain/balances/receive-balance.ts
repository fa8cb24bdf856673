import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { type AccountBalance, type ResultNotice, unreadableNames, valueOrNull } from "../../daraja/notices.ts";
import { columnNames, first, select, statement } from "../../db/query.ts";
import { balanceAlerts, balances } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import {
  APPLIED,
  appliedWithout,
  type FinishNotice,
  quarantined,
  type SettlementOutcome,
} from "../settlement/outcome.ts";

export const selectAlert = select(balanceAlerts, "WHERE shortcode_id = ?");

/**
 * The balance in cents of the first account that has one of these names; null if there is no such account. Null too if
 * one of them can't be read: then the next name would be another account.
 */
function balanceOf({ balances, unreadableAccounts }: Accounts, ...names: readonly string[]): number | null {
  if (unreadableAccounts.some((account) => names.includes(account.toLowerCase()))) return null;
  const inShillings = balances.filter(({ currency }) => currency === "" || currency.toUpperCase() === "KES");
  return names.map((name) => inShillings.find(({ account }) => account.toLowerCase() === name))
    .find((account) => account !== undefined)?.current ?? null;
}

/** The accounts of a shortcode that could be read, and the names of those that could not. */
interface Accounts {
  readonly balances: readonly AccountBalance[];
  readonly unreadableAccounts: readonly string[];
}

/** SQL: the balance in cents that the ledger has for an account of the shortcode. */
const ledgerBalance = (account: string): string =>
  `coalesce((SELECT balance FROM ledger_accounts WHERE shortcode_id = ? AND account = '${account}'), 0)`;

/** Stores what M-Pesa reports and what the ledger has at the same moment: the nightly check compares the two. */
const insertBalance = (ctx: Context, shortcodeId: string, notice: ResultNotice, accounts: Accounts) =>
  statement(
    `INSERT INTO balances (${columnNames(balances)}) VALUES (?, ?, ?, ?, ?, ?, ${ledgerBalance("mpesa_utility")}, ` +
      `${ledgerBalance("mpesa_working")}, ?, ?)`,
    newId("bal"),
    ctx.merchantId,
    shortcodeId,
    JSON.stringify(accounts.balances),
    balanceOf(accounts, "utility account", "merchant account"),
    balanceOf(accounts, "working account", "mmf account"),
    shortcodeId,
    shortcodeId,
    valueOrNull(notice.facts.completedAt),
    ctx.clock.now(),
  );

/**
 * Stores the balance of a shortcode that M-Pesa reports. A failed query stores none. An account that can't be read is left
 * out, with an alert, and does not stop the others; if none can be read, the notice is quarantined.
 */
export async function receiveBalance(
  ctx: Context,
  shortcodeId: string,
  notice: ResultNotice,
  finishNotice: FinishNotice,
): Promise<SettlementOutcome> {
  const { merchantId } = await ctx.shortcodes.byId(shortcodeId);
  const own: Context = { ...ctx, merchantId };
  const { balances, unreadableAccounts, completedAt } = notice.facts;
  if (notice.resultCode !== "0" || balances.kind !== "read") {
    const failed = notice.resultCode !== "0";
    const outcome: SettlementOutcome = failed
      ? { ...APPLIED, problem: `query_failed_${notice.resultCode}`.slice(0, 60) }
      : quarantined(balances.kind === "absent" ? "balance_missing" : "balance_unreadable");
    const details = { result_code: notice.resultCode };
    await ctx.db.write([
      auditEntry(own, "balance.not_told", shortcodeId, details),
      ...finishNotice(outcome, merchantId),
    ]);
    if (failed) ctx.log.write("warn", "balance_query_failed", { shortcode: shortcodeId, ...details });
    return outcome;
  }
  const accounts: Accounts = { balances: balances.value, unreadableAccounts };
  const outcome = appliedWithout([
    ...unreadableAccounts.map((account) => account === "" ? "account without a name" : account.slice(0, 40)),
    ...unreadableNames({ completed_at: completedAt }),
  ]);
  await ctx.db.write([insertBalance(own, shortcodeId, notice, accounts), ...finishNotice(outcome, merchantId)]);
  await warnIfLow(own, shortcodeId, balanceOf(accounts, "utility account", "merchant account"));
  return outcome;
}

async function warnIfLow(ctx: Context, shortcodeId: string, utility: number | null): Promise<void> {
  const alert = await first(ctx.db, selectAlert(shortcodeId));
  if (alert === null || utility === null || utility >= alert.below) return;
  ctx.log.write("alert", "balance_low", {
    shortcode: shortcodeId,
    merchant: ctx.merchantId,
    utility,
    below: alert.below,
  });
}
