import type { Context } from "../../context/context.ts";
import { sha256 } from "../../crypto/hash.ts";
import { describeFailure } from "../../daraja/codes.ts";
import type { Answer, PullRow } from "../../daraja/daraja.ts";
import { unreadableNames, valueOrNull } from "../../daraja/notices.ts";
import { statement } from "../../db/query.ts";
import { accountOf } from "../payments/account-of.ts";
import type { Money } from "../payments/money.ts";
import type { ReversalRow } from "../refunds/reversals.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { c2bUrls } from "../shortcodes/urls.ts";
import type { RowsOfPage } from "./set-aside.ts";
import type { Reconciliation } from "./store.ts";

/** A page of payments, or the reason why there is none. */
export type PageResult =
  | { readonly kind: "page"; readonly reversals: readonly ReversalRow[] } & RowsOfPage
  | {
    readonly kind: "trouble";
    readonly problem: string;
    /** Whether to ask again later. */ readonly isRetryable: boolean;
    readonly afterMs: number | null;
  };

/** Asks M-Pesa for the next page of a reconciliation. The first time it also registers the shortcode for Pull Transactions. */
export async function pullPage(ctx: Context, shortcode: Shortcode, row: Reconciliation): Promise<PageResult> {
  const number = shortcode.storeNumber ?? shortcode.number;
  if (shortcode.row.pull_registered_at === null) {
    const trouble = await registerPull(ctx, shortcode, number);
    if (trouble !== null) return trouble;
  }
  const answer = await ctx.daraja.pullQuery(shortcode.app, {
    shortcode: number,
    from: row.window_from,
    to: row.window_to,
    offset: row.next_offset,
  });
  if (answer.outcome !== "accepted") return failureOf(answer);
  const { rows, unreadable } = answer.value;
  reportUnreadableFields(ctx, row, rows);
  const moneyIn = rows.filter((one) => !isReversal(one));
  const reversed = rows.filter(isReversal).map((one) => ({ one, reversal: reversalOf(one) }));
  return {
    kind: "page",
    rows: moneyIn.map(moneyOf),
    reversals: reversed.flatMap(({ reversal }) => reversal ?? []),
    unreadable: [
      ...unreadable.map(({ transactionId, reason, text }) => ({
        receipt: transactionId,
        reason,
        digest: sha256(text).toHex(),
      })),
      ...reversed.filter(({ reversal }) => reversal === null)
        .map(({ one }) => ({ receipt: one.transactionId, reason: "reversal_names_no_receipt" })),
    ],
  };
}

async function registerPull(ctx: Context, shortcode: Shortcode, number: string): Promise<PageResult | null> {
  const answer = await ctx.daraja.pullRegister(shortcode.app, {
    shortcode: number,
    nominatedNumber: shortcode.pullPhone ?? "",
    callbackUrl: c2bUrls(ctx, shortcode.id, shortcode.row.url_number).confirmation,
  });
  if (answer.outcome !== "accepted") return failureOf(answer);
  const now = ctx.clock.now();
  await ctx.db.write([statement(
    "UPDATE shortcodes SET pull_registered_at = ?, version = version + 1 WHERE id = ?",
    now,
    shortcode.id,
  )]);
  ctx.shortcodes.forget(shortcode.merchantId);
  return null;
}

function failureOf(answer: Exclude<Answer<unknown>, { readonly outcome: "accepted" }>): PageResult {
  const afterMs = "retryAfterMs" in answer ? answer.retryAfterMs ?? null : null;
  if (answer.outcome === "rejected") {
    const { message, advice } = describeFailure(answer.code);
    const darajaText = answer.message === "" ? "" : ` (Daraja: ${answer.message})`;
    return {
      kind: "trouble",
      problem: `${message}${darajaText} ${advice}`,
      isRetryable: answer.code === "daraja_busy",
      afterMs,
    };
  }
  return { kind: "trouble", problem: `M-Pesa gave no usable answer: ${answer.reason}.`, isRetryable: true, afterMs };
}

/** A time, phone or account that can't be read does not hold the money up, but somebody should know. */
function reportUnreadableFields(ctx: Context, { id }: Reconciliation, rows: readonly PullRow[]): void {
  for (const { transactionId: receipt, at: paid_at, phone, billReference: account_reference } of rows) {
    const fields = unreadableNames({ paid_at, phone, account_reference });
    if (fields.length > 0) ctx.log.write("warn", "pull_row_partly_unreadable", { reconciliation: id, receipt, fields });
  }
}

/** No sample shows one (unverified.md): a row whose type says so, and whose reference is the receipt that it reverses. */
const isReversal = ({ transactionType }: PullRow): boolean => /revers/i.test(transactionType ?? "");

function reversalOf({ transactionId: receipt, billReference, amount, at }: PullRow): ReversalRow | null {
  const of = valueOrNull(billReference)?.trim().toUpperCase() ?? "";
  return /^[A-Z0-9]{6,20}$/.test(of) && of !== receipt ? { receipt, of, amount, at: valueOrNull(at) } : null;
}

function moneyOf(row: PullRow): Money {
  const phone = valueOrNull(row.phone);
  return {
    channel: "pull",
    uploaded: false,
    receipt: row.transactionId,
    amount: row.amount,
    accountReference: accountOf(row.billReference),
    paidAt: valueOrNull(row.at),
    phone: phone !== null && /^254[17]\d{8}$/.test(phone) ? phone : null,
    payerName: row.sender,
  };
}
