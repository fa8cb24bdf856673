import type { Settled } from "../checkouts/settle-attempt.ts";
import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { AccountBalance, ResultNotice } from "../../daraja/notices.ts";
import type { Statement } from "../../db/database.ts";
import { columnNames, first, select, statement } from "../../db/query.ts";
import { balanceAlerts, balances } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";

type Ending = (settled: Settled, merchantId: string | null) => readonly Statement[];

export const selectAlert = select(balanceAlerts, "WHERE shortcode_id = ?");

/** What the account of one of these names holds, in cents; the first that is there. */
const holds = (accounts: readonly AccountBalance[], ...names: readonly string[]): number | null =>
  names.map((name) => accounts.find(({ account }) => account.toLowerCase() === name)).find((a) => a !== undefined)
    ?.current ?? null;

const held = (account: string): string =>
  `coalesce((SELECT balance FROM ledger_accounts WHERE shortcode_id = ? AND account = '${account}'), 0)`;

/** The snapshot, with what the ledger holds at the same moment, for the nightly check to compare. */
const snapshot = (ctx: Context, shortcodeId: string, notice: ResultNotice, accounts: readonly AccountBalance[]) =>
  statement(
    `INSERT INTO balances (${columnNames(balances)}) VALUES (?, ?, ?, ?, ?, ?, ${held("mpesa_utility")}, ` +
      `${held("mpesa_working")}, ?, ?)`,
    newId("bal"),
    ctx.merchantId,
    shortcodeId,
    JSON.stringify(accounts),
    holds(accounts, "utility account", "merchant account"),
    holds(accounts, "working account", "mmf account"),
    shortcodeId,
    shortcodeId,
    notice.facts.completedAt,
    ctx.clock.now(),
  );

/** Keeps what M-Pesa says a shortcode holds. A failed query, and a balance that can't be read, change nothing. */
export async function receiveBalance(
  ctx: Context,
  shortcodeId: string,
  notice: ResultNotice,
  ending: Ending,
): Promise<Settled> {
  const { merchantId } = await ctx.shortcodes.byId(shortcodeId);
  const own: Context = { ...ctx, merchantId };
  const accounts = notice.facts.balances;
  if (notice.resultCode !== "0" || accounts === null) {
    const failed = notice.resultCode !== "0";
    const settled: Settled = failed
      ? { status: "applied", problem: `query_failed_${notice.resultCode}`.slice(0, 60) }
      : { status: "quarantined", problem: "balance_unreadable" };
    const told = { result_code: notice.resultCode };
    await ctx.db.write([auditEntry(own, "balance.not_told", shortcodeId, told), ...ending(settled, merchantId)]);
    if (failed) ctx.log.write("warn", "balance_query_failed", { shortcode: shortcodeId, ...told });
    return settled;
  }
  const settled: Settled = { status: "applied", problem: null };
  await ctx.db.write([snapshot(own, shortcodeId, notice, accounts), ...ending(settled, merchantId)]);
  await warnIfLow(own, shortcodeId, holds(accounts, "utility account", "merchant account"));
  return settled;
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
