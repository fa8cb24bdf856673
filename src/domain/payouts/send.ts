import type { Context } from "../../context/context.ts";
import type { Answer, AsyncAccepted, Initiator, MoneySenders } from "../../daraja/daraja.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import type { Statement } from "../../db/database.ts";
import { callbackUrl } from "../settlement/callback-url.ts";
import { resendDelayMs } from "../settlement/delays.ts";
import { initiatorOf } from "../shortcodes/initiator.ts";
import { type Content, contentOf, isAsApproved, isAsCreated } from "./digest.ts";
import { isSignatureKept } from "./signed-request.ts";
import { applyFact } from "./machine.ts";
import type { Fact, Payout } from "./machine/facts.ts";
import { savePayout } from "./save.ts";
import { isSigned } from "./signed.ts";
import { stillOwed, withdrawDifference } from "./still-owed.ts";
import { retryOnConflict, retryWhileUnavailable } from "../../db/retry.ts";
import { isToBusiness, payBusiness } from "./send-business.ts";
import { forEvidence } from "../../jobs/fence.ts";
import { isSetupFault, refusalLevel } from "../money-out/alert-level.ts";
import { sendMoney } from "../money-out/send-money.ts";
import { loadPayout } from "./store.ts";

/**
 * Sends the request of a payout, if it is still what was approved, and still owed. `statements` are in the batch that stores its start.
 * Errors: `conflict` (as ConstraintError) when another process changed the payout, or money out is paused; then nothing
 * was sent.
 */
export async function sendPayout(
  ctx: Context,
  before: Payout,
  statements: readonly Statement[] = [],
): Promise<Payout> {
  const n = before.sends + 1;
  const shortcode = await ctx.shortcodes.byId(before.shortcode_id);
  const [content, initiator] = await Promise.all([contentOf(ctx, before, shortcode), initiatorOf(shortcode)]);
  if (content === null || !await isGenuine(ctx, content)) return await stopAltered(ctx, before);
  const { isOwed, guards } = await stillOwed(ctx, before);
  if (!isOwed) return await withdrawDifference(ctx, before);
  const phone = content.payee;
  const { started, answer } = await sendMoney(ctx, {
    merchantId: before.merchant_id,
    storeStart: (guard) => {
      const after = applyFact(before, { kind: "started", n }, ctx.clock.now());
      return savePayout(ctx, before, after, "payout.sending", { statements: [guard, ...guards, ...statements] });
    },
    send: async (payout, senders) =>
      initiator === null ? null : await call(ctx, payout, { shortcode, initiator, phone, n }, senders),
  });
  const fact = answer === null ? NO_INITIATOR : factOf(ctx, started, answer, n);
  return await retryWhileUnavailable(() =>
    retryOnConflict(async () => {
      const now = await loadPayout(ctx, before.id) ?? started;
      return await savePayout(forEvidence(ctx), now, applyFact(now, fact, ctx.clock.now()), answerActions[fact.kind]);
    })
  );
}

/** Whether this service created the payout, and its signed request, approvals and passkeys fit. */
async function isGenuine(ctx: Context, content: Content): Promise<boolean> {
  const { payout } = content;
  if (!isAsCreated(ctx, content) || !isAsApproved(ctx, content) || !await isSigned(ctx, payout)) return false;
  return payout.signed_request === null || await isSignatureKept(ctx, payout.signed_request, payout.created_by);
}

/** Somebody changed the row past this service: nothing is sent, and a person is told. */
const stopAltered = (ctx: Context, before: Payout): Promise<Payout> =>
  savePayout(ctx, before, applyFact(before, { kind: "altered" }, ctx.clock.now()), "payout.altered");

/** What the answer to a request proves. */
type AnswerFact = Fact & { readonly kind: "accepted" | "refused" | "unsent" | "ambiguous" | "duplicate" };

const answerActions: Readonly<Record<AnswerFact["kind"], AuditAction>> = {
  accepted: "payout.accepted",
  refused: "payout.refused",
  unsent: "payout.unsent",
  ambiguous: "payout.ambiguous",
  duplicate: "payout.duplicate",
};

const NO_INITIATOR: AnswerFact = {
  kind: "refused",
  failure: "initiator_rejected",
  resultCode: null,
  description: "The shortcode has no initiator with a password and certificate; nothing was sent.",
};

interface Call {
  readonly shortcode: Shortcode;
  readonly initiator: Initiator;
  readonly phone: string;
  /** The number of the request, from 1. */
  readonly n: number;
}

async function call(
  ctx: Context,
  payout: Payout,
  { shortcode, initiator, phone, n }: Call,
  senders: MoneySenders,
): Promise<Answer<AsyncAccepted>> {
  const startedAt = ctx.clock.now();
  const urls = {
    resultUrl: callbackUrl(ctx, "payout_result", payout.id),
    timeoutUrl: callbackUrl(ctx, "payout_timeout", payout.id),
  };
  const answer = isToBusiness(payout)
    ? await payBusiness(senders, payout, shortcode, initiator, urls)
    : await senders.b2c(shortcode.app, {
      version: ctx.config.daraja.b2cVersion,
      originatorConversationId: payout.originator_conversation_id,
      shortcode: shortcode.number,
      initiator,
      purpose: payout.purpose,
      amount: payout.amount,
      phone,
      remarks: payout.remarks,
      ...(payout.occasion === null ? {} : { occasion: payout.occasion }),
      ...urls,
    });
  ctx.note({ b2c: answer.outcome, send: n, daraja_ms: ctx.clock.now() - startedAt });
  return answer;
}

function factOf(ctx: Context, payout: Payout, answer: Answer<AsyncAccepted>, n: number): AnswerFact {
  switch (answer.outcome) {
    case "accepted": {
      const { conversationId, originatorConversationId: theirs } = answer.value;
      const originatorId = theirs === payout.originator_conversation_id ? null : theirs;
      return { kind: "accepted", n, conversationId, originatorId };
    }
    case "rejected":
      if (answer.code === "daraja_busy") return unsent(ctx, payout, n, "daraja_busy", answer.retryAfterMs);
      if (answer.isTokenRefused) {
        const level = refusalLevel(ctx, payout.shortcode_id, answer.code);
        ctx.log.write(level, "payout_token_refused", { payout: payout.id, send: n, daraja_code: answer.darajaCode });
        return unsent(ctx, payout, n, answer.code, answer.retryAfterMs);
      }
      if (isSetupFault(answer.code)) {
        ctx.log.write(refusalLevel(ctx, payout.shortcode_id, answer.code), "payout_refused", {
          payout: payout.id,
          code: answer.code,
          daraja_code: answer.darajaCode,
          message: answer.message,
        });
      }
      return { kind: "refused", failure: answer.code, resultCode: answer.darajaCode, description: answer.message };
    case "unreachable":
      return unsent(ctx, payout, n, answer.reason, answer.retryAfterMs);
    case "ambiguous":
      ctx.log.write("warn", "payout_ambiguous", {
        payout: payout.id,
        reason: answer.reason,
        daraja_code: answer.darajaCode,
        duplicate: answer.duplicate ?? false,
      });
      return { kind: answer.duplicate ? "duplicate" : "ambiguous" };
  }
}

/** The request never left, so the same one is sent again later. */
function unsent(ctx: Context, payout: Payout, n: number, reason: string, retryAfterMs: number | undefined): AnswerFact {
  ctx.log.write("warn", "payout_unsent", { payout: payout.id, send: n, reason });
  const delayMs = retryAfterMs ?? resendDelayMs(n) * ctx.config.plans.scale;
  return { kind: "unsent", n, retryAt: ctx.clock.now() + delayMs };
}
