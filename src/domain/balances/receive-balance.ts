import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { AccountBalance, ResultNotice } from "../../daraja/notices.ts";
import { columnNames, first, select, statement } from "../../db/query.ts";
import { balanceAlerts, balances } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { APPLIED, type FinishNotice, quarantined, type SettlementOutcome } from "../settlement/outcome.ts";

export const selectAlert = select(balanceAlerts, "WHERE shortcode_id = ?");

/** The balance in cents of the first account that has one of these names; null: there is no such account. */
const balanceOf = (accounts: readonly AccountBalance[], ...names: readonly string[]): number | null =>
  names.map((name) => accounts.find(({ account }) => account.toLowerCase() === name)).find((a) => a !== undefined)
    ?.current ?? null;

/** SQL: the balance in cents that the ledger has for an account of the shortcode. */
const ledgerBalance = (account: string): string =>
  `coalesce((SELECT balance FROM ledger_accounts WHERE shortcode_id = ? AND account = '${account}'), 0)`;

/** Stores what M-Pesa reports and what the ledger has at the same moment: the nightly check compares the two. */
const insertBalance = (ctx: Context, shortcodeId: string, notice: ResultNotice, accounts: readonly AccountBalance[]) =>
  statement(
    `INSERT INTO balances (${columnNames(balances)}) VALUES (?, ?, ?, ?, ?, ?, ${ledgerBalance("mpesa_utility")}, ` +
      `${ledgerBalance("mpesa_working")}, ?, ?)`,
    newId("bal"),
    ctx.merchantId,
    shortcodeId,
    JSON.stringify(accounts),
    balanceOf(accounts, "utility account", "merchant account"),
    balanceOf(accounts, "working account", "mmf account"),
    shortcodeId,
    shortcodeId,
    notice.facts.completedAt,
    ctx.clock.now(),
  );

/** Stores the balance of a shortcode that M-Pesa reports. A failed query stores none, and neither does a balance that can't be read. */
export async function receiveBalance(
  ctx: Context,
  shortcodeId: string,
  notice: ResultNotice,
  finishNotice: FinishNotice,
): Promise<SettlementOutcome> {
  const { merchantId } = await ctx.shortcodes.byId(shortcodeId);
  const own: Context = { ...ctx, merchantId };
  const accounts = notice.facts.balances;
  if (notice.resultCode !== "0" || accounts === null) {
    const failed = notice.resultCode !== "0";
    const outcome: SettlementOutcome = failed
      ? { ...APPLIED, problem: `query_failed_${notice.resultCode}`.slice(0, 60) }
      : quarantined("balance_unreadable");
    const details = { result_code: notice.resultCode };
    await ctx.db.write([
      auditEntry(own, "balance.not_told", shortcodeId, details),
      ...finishNotice(outcome, merchantId),
    ]);
    if (failed) ctx.log.write("warn", "balance_query_failed", { shortcode: shortcodeId, ...details });
    return outcome;
  }
  await ctx.db.write([insertBalance(own, shortcodeId, notice, accounts), ...finishNotice(APPLIED, merchantId)]);
  await warnIfLow(own, shortcodeId, balanceOf(accounts, "utility account", "merchant account"));
  return APPLIED;
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
