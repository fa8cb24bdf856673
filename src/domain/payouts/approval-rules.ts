import type { Context } from "../../context/context.ts";
import type { Approval } from "../../db/schema.ts";
import { Problem } from "../../problems/problem.ts";
import { requireOtherLineage } from "../merchants/lineage.ts";
import { isPerson } from "../people/signing.ts";
import { withProof } from "./digest.ts";

/* What holds for the approval of one payout and of a batch. */

/** Errors: `own_payout`, `own_lineage`. */
export async function requireOtherPerson(ctx: Context, creator: string): Promise<void> {
  if (creator === ctx.actor) {
    throw new Problem(
      "own_payout",
      "This client created the payout; another one with payouts:approve must approve it.",
    );
  }
  await requireOtherLineage(ctx, creator);
}

/** `createdAt` in ms. Errors: `wrong_state`. */
export function requireInTime(ctx: Context, createdAt: number): void {
  if (ctx.clock.now() < createdAt + ctx.config.limits.payouts.approvalExpiresMs) return;
  throw new Problem("wrong_state", "The time for an approval is over; the payout is about to be rejected.");
}

/** Where the approver says what they saw, it must be what is stored. Errors: `payout_changed`. */
export function requireSeen(seen: string | undefined, stored: string, lookAt: string): void {
  if (seen === undefined || seen === stored) return;
  throw new Problem("payout_changed", `The digest is not that of what is stored now. Look again: GET ${lookAt}.`);
}

/** The caller's approval of what has this digest. A person has signed it: `requireSigned`. */
export const approvalOf = (ctx: Context, digest: string): Approval =>
  withProof(ctx, { by: ctx.actor, at: ctx.clock.now(), digest, signed: isPerson(ctx.actor) });
