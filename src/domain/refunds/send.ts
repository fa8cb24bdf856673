import type { Context } from "../../context/context.ts";
import type { Answer, AsyncAccepted } from "../../daraja/daraja.ts";
import { first } from "../../db/query.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { callbackUrl } from "../settlement/callback-url.ts";
import { forEvidence } from "../../jobs/fence.ts";
import { isSetupFault, refusalLevel } from "../money-out/alert-level.ts";
import { sendMoney } from "../money-out/send-money.ts";
import { resendDelayMs } from "../settlement/delays.ts";
import { initiatorOf } from "../shortcodes/initiator.ts";
import { applyFact } from "./machine.ts";
import type { Fact, Refund } from "./machine/facts.ts";
import { saveRefund } from "./save.ts";
import { retryOnConflict, retryWhileUnavailable } from "../../db/retry.ts";
import { abortIfTakenBack, loadRefund, selectPayment } from "./store.ts";

/**
 * Sends the request for a reversal. Errors: `conflict` (as ConstraintError) when another process changed the refund, or
 * money out is paused; then nothing was sent.
 */
export async function sendReversal(ctx: Context, before: Refund): Promise<Refund> {
  const n = before.requests.length + 1;
  const [shortcode, payment] = await Promise.all([
    ctx.shortcodes.byId(before.shortcode_id),
    first(ctx.db, selectPayment(before.payment_id)),
  ]);
  const initiator = await initiatorOf(shortcode);
  const receipt = payment?.receipt ?? null;
  const isTaken = payment?.status === "taken_back";
  const { started, answer } = await sendMoney(ctx, {
    merchantId: before.merchant_id,
    storeStart: (guard) => {
      const after = applyFact(before, { kind: "started", n }, ctx.clock.now());
      const statements = isTaken ? [guard] : [guard, abortIfTakenBack(before.payment_id)];
      return saveRefund(ctx, before, after, "refund.sending", { statements });
    },
    send: async (refund, senders) =>
      initiator === null || receipt === null || isTaken ? null : await senders.reversal(shortcode.app, {
        shortcode: shortcode.number,
        initiator,
        transactionId: receipt,
        amount: refund.amount,
        remarks: refund.reason,
        resultUrl: callbackUrl(ctx, "refund_result", refund.id),
        timeoutUrl: callbackUrl(ctx, "refund_timeout", refund.id),
      }),
  });
  if (answer !== null) ctx.note({ reversal: answer.outcome, send: n });
  const fact = answer === null ? nothingSent(n, receipt, isTaken) : factOf(ctx, started, answer, n);
  return await retryWhileUnavailable(() =>
    retryOnConflict(async () => {
      const now = await loadRefund(ctx, before.id) ?? started;
      return await saveRefund(forEvidence(ctx), now, applyFact(now, fact, ctx.clock.now()), answerActions[fact.kind]);
    })
  );
}

/** What the answer to a request proves. */
type AnswerFact = Fact & { readonly kind: "accepted" | "refused" | "unsent" | "ambiguous" };

const answerActions: Readonly<Record<AnswerFact["kind"], AuditAction>> = {
  accepted: "refund.accepted",
  refused: "refund.refused",
  unsent: "refund.unsent",
  ambiguous: "refund.ambiguous",
};

const nothingSent = (n: number, receipt: string | null, isTaken: boolean): AnswerFact => ({
  kind: "refused",
  n,
  failure: isTaken ? "already_reversed" : receipt === null ? "transaction_not_found" : "initiator_rejected",
  resultCode: null,
  description: "Nothing was sent.",
});

function factOf(ctx: Context, refund: Refund, answer: Answer<AsyncAccepted>, n: number): AnswerFact {
  switch (answer.outcome) {
    case "accepted":
      return { kind: "accepted", n, conversation: answer.value.conversationId };
    case "rejected":
      if (answer.code === "daraja_busy") return unsent(ctx, refund, n, "daraja_busy", answer.retryAfterMs);
      if (answer.isTokenRefused) {
        const level = refusalLevel(ctx, refund.shortcode_id, answer.code);
        ctx.log.write(level, "refund_token_refused", { refund: refund.id, send: n, daraja_code: answer.darajaCode });
        return unsent(ctx, refund, n, answer.code, answer.retryAfterMs);
      }
      if (isSetupFault(answer.code)) {
        ctx.log.write(refusalLevel(ctx, refund.shortcode_id, answer.code), "refund_refused", {
          refund: refund.id,
          code: answer.code,
          daraja_code: answer.darajaCode,
          message: answer.message,
        });
      }
      return { kind: "refused", n, failure: answer.code, resultCode: answer.darajaCode, description: answer.message };
    case "unreachable":
      return unsent(ctx, refund, n, answer.reason, answer.retryAfterMs);
    case "ambiguous":
      ctx.log.write("warn", "refund_ambiguous", {
        refund: refund.id,
        reason: answer.reason,
        daraja_code: answer.darajaCode,
      });
      return { kind: "ambiguous", n };
  }
}

/** The request never left, so the same one is sent again later. */
function unsent(ctx: Context, refund: Refund, n: number, reason: string, retryAfterMs: number | undefined): AnswerFact {
  ctx.log.write("warn", "refund_unsent", { refund: refund.id, send: n, reason });
  const delayMs = retryAfterMs ?? resendDelayMs(n) * ctx.config.plans.scale;
  return { kind: "unsent", n, retryAt: ctx.clock.now() + delayMs };
}
