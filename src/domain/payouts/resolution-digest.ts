import type { Context } from "../../context/context.ts";
import type { Resolution } from "../../db/schema.ts";
import type { Payout } from "./machine/facts.ts";

/** What a person signs who says what became of a payout. Its sealed number is not needed: nothing is sent. */
export const resolutionDigest = (
  ctx: Pick<Context, "digests">,
  payout: Payout,
  { outcome, evidence, receipt }: Pick<Resolution, "outcome" | "evidence" | "receipt">,
): string =>
  ctx.digests.make([
    "payout_resolution",
    payout.id,
    payout.merchant_id,
    payout.phone_masked,
    payout.amount,
    payout.currency,
    payout.reference,
    payout.originator_conversation_id,
    outcome,
    evidence,
    receipt,
  ]);
