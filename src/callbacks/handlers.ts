import type { Context } from "../context/context.ts";
import type { CallbackKind } from "../crypto/capability.ts";
import {
  parseC2b,
  parseQueueTimeout,
  parseRatibaCallback,
  parseResult,
  parseStkCallback,
  type Unreadable,
  type UnreadableReason,
} from "../daraja/notices.ts";
import { receiveBalance } from "../domain/balances/receive-balance.ts";
import { settleAttempt } from "../domain/checkouts/settle-attempt.ts";
import { receiveConfirmation } from "../domain/payments/receive-confirmation.ts";
import { isSourceBelieved, receiveProof, withProvenPayer } from "../domain/payments/prove-confirmation.ts";
import { settlePayout } from "../domain/payouts/settle-payout.ts";
import { settleRefund } from "../domain/refunds/settle-refund.ts";
import { APPLIED, type FinishNotice, type SettlementOutcome } from "../domain/settlement/outcome.ts";
import { settleStandingOrder } from "../domain/standing-orders/settle-standing-order.ts";
import type { Notice } from "./inbox.ts";

/** What became of a notice. `no_reader`: this version has no handler for its kind. */
export type NoticeOutcome = SettlementOutcome | UnreadableOutcome;

interface UnreadableOutcome {
  readonly status: "unreadable";
  readonly problem: UnreadableReason | "no_reader";
}

/** Parses a notice and applies it to its row. Writes what changes and the statements of `finish` in one batch. */
export type NoticeHandler = (
  ctx: Context,
  notice: Notice,
  finish: FinishNotice<NoticeOutcome>,
) => Promise<NoticeOutcome>;

const noticeHandlers: Readonly<Record<CallbackKind, NoticeHandler>> = {
  stk: parsedBy(parseStkCallback, settleAttempt),
  c2b_confirmation: parsedBy(
    parseC2b,
    (ctx, id, message, finish, notice) =>
      receiveConfirmation(
        ctx,
        id,
        withProvenPayer(ctx, notice, message),
        isSourceBelieved(ctx, notice),
        finish,
      ),
  ),
  payout_result: parsedBy(
    parseResult,
    (ctx, id, result, finish) => settlePayout(ctx, id, { at: "result", notice: result }, finish),
  ),
  payout_timeout: (ctx, { subjectId, body }, finish) =>
    settlePayout(ctx, subjectId, { at: "timeout", notice: parseQueueTimeout(body) }, finish),
  status_result: parsedBy(
    parseResult,
    (ctx, id, result, finish) => settlePayout(ctx, id, { at: "status", notice: result }, finish),
  ),
  status_timeout: (ctx, { subjectId }, finish) => settlePayout(ctx, subjectId, { at: "status_timeout" }, finish),
  refund_result: parsedBy(
    parseResult,
    (ctx, id, result, finish) => settleRefund(ctx, id, { at: "result", notice: result }, finish),
  ),
  refund_timeout: (ctx, { subjectId, body }, finish) =>
    settleRefund(ctx, subjectId, { at: "timeout", notice: parseQueueTimeout(body) }, finish),
  refund_status_result: parsedBy(
    parseResult,
    (ctx, id, result, finish) => settleRefund(ctx, id, { at: "status", notice: result }, finish),
  ),
  refund_status_timeout: (ctx, { subjectId }, finish) => settleRefund(ctx, subjectId, { at: "status_timeout" }, finish),
  balance_result: parsedBy(parseResult, receiveBalance),
  balance_timeout: ignoreTimeout,
  c2b_status_result: parsedBy(parseResult, receiveProof),
  c2b_status_timeout: ignoreTimeout,
  standing_order_result: parsedBy(parseRatibaCallback, settleStandingOrder),
};

/** The handler of a kind. A row that a newer version stored may have a kind that this version does not know. */
export function handlerOf(kind: CallbackKind): NoticeHandler {
  return Object.hasOwn(noticeHandlers, kind)
    ? noticeHandlers[kind]
    : (ctx, _notice, finish) => finishUnreadable(ctx, "no_reader", finish);
}

/** A handler that passes what `parse` reads on to `settle`, with the id of the row that the notice is about. */
function parsedBy<T extends { readonly kind: string }>(
  parse: (body: unknown) => T | Unreadable,
  settle: (
    ctx: Context,
    subjectId: string,
    message: T,
    finish: FinishNotice<NoticeOutcome>,
    notice: Notice,
  ) => Promise<SettlementOutcome>,
): NoticeHandler {
  return async (ctx, notice, finish) => {
    const message = parse(notice.body);
    return isUnreadable(message)
      ? await finishUnreadable(ctx, message.reason, finish)
      : await settle(ctx, notice.subjectId, message, finish, notice);
  };
}

function isUnreadable(message: { readonly kind: string }): message is Unreadable {
  return message.kind === "unreadable";
}

async function finishUnreadable(
  ctx: Context,
  problem: UnreadableOutcome["problem"],
  finish: FinishNotice<NoticeOutcome>,
): Promise<UnreadableOutcome> {
  const outcome: UnreadableOutcome = { status: "unreadable", problem };
  await ctx.db.write(finish(outcome, null));
  return outcome;
}

/** A balance query that timed out says nothing about the balance, and can be sent again. */
async function ignoreTimeout(
  ctx: Context,
  _notice: Notice,
  finish: FinishNotice<NoticeOutcome>,
): Promise<SettlementOutcome> {
  await ctx.db.write(finish(APPLIED, null));
  return APPLIED;
}
