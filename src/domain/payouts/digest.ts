import type { Context } from "../../context/context.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { VaultError } from "../../crypto/vault.ts";
import type { Approval } from "../../db/schema.ts";
import { Problem } from "../../problems/problem.ts";
import type { Payout } from "./machine/facts.ts";
import { phonePlace } from "./phone-place.ts";

/* What an approver approves: who gets how much, from which shortcode, for what (ADR 0033). */

/** A payout with what its row has only sealed or by id. */
export interface Content {
  readonly payout: Payout;
  /** The whole number of the payee: a phone, or that of a business. */
  readonly payee: string;
  /** The number of the shortcode that pays. */
  readonly shortcode: string;
}

/**
 * Everything that decides where the money goes. The id that its requests carry is among it: another one would let the
 * same payout be sent twice.
 */
const partsOf = ({ payout, payee, shortcode }: Content): readonly unknown[] => [
  "payout",
  payout.id,
  payout.merchant_id,
  payout.destination,
  payee,
  payout.receiver,
  payout.account_reference,
  payout.amount,
  payout.currency,
  shortcode,
  payout.reference,
  payout.originator_conversation_id,
];

/** Reads what the digest is made from. Null: the sealed number was changed, or moved here from another row. */
export async function contentOf(ctx: Context, payout: Payout, shortcode: Shortcode): Promise<Content | null> {
  try {
    const payee = await ctx.vault.openText(payout.phone, phonePlace(payout.id));
    return { payout, payee, shortcode: shortcode.number };
  } catch (error) {
    if (error instanceof VaultError && error.code === "tampered") return null;
    throw error;
  }
}

/** What the digest of a payout is made from. Errors: `payout_changed`, with an alert. */
export async function requireContent(ctx: Context, payout: Payout): Promise<Content> {
  const content = await contentOf(ctx, payout, await ctx.shortcodes.byId(payout.shortcode_id));
  if (content !== null) return content;
  ctx.log.write("alert", "payout_altered", { payout: payout.id, merchant: payout.merchant_id, status: payout.status });
  throw new Problem("payout_changed", `Somebody changed the payee of ${payout.id} past this service. Reject it.`);
}

/** 64 hex digits. */
export const digestOf = (ctx: Context, content: Content): string => ctx.digests.make(partsOf(content));

/**
 * What was created, by whom, and whether it needs approval. Nobody who can only write to the database can make one, so
 * nobody but this service makes a payout.
 */
const originParts = ({ payout, payee, shortcode }: Content): readonly unknown[] => [
  "payout_origin",
  payout.created_by,
  payout.batch_id,
  payout.refund_id,
  payout.approval_required,
  payout.signed_request,
  ...partsOf({ payout, payee, shortcode }),
];

/** The payout with the digest of its origin: the last step before it is stored. Errors: `payout_changed`. */
export async function withOrigin(ctx: Context, payout: Payout): Promise<Payout> {
  const content = await requireContent(ctx, payout);
  return { ...payout, origin: ctx.digests.make(originParts(content)) };
}

/** Whether this service created the payout as it is now. */
export function isAsCreated(ctx: Context, content: Content): boolean {
  const { origin } = content.payout;
  if (origin === null) return ctx.config.payouts.origin === "accept_missing";
  return ctx.digests.matches(origin, originParts(content));
}

/** Whether the digest is of this content. */
export const isDigestOf = (ctx: Context, digest: string, content: Content): boolean =>
  ctx.digests.matches(digest, partsOf(content));

/** One digest for all payouts of a batch that await approval, in their order. */
export const batchDigest = (ctx: Context, batchId: string, digests: readonly string[]): string =>
  ctx.digests.make(["payout_batch", batchId, ...digests]);

/** Whether the digest of a batch is that of these payouts. */
export const isBatchDigestOf = (ctx: Context, digest: string, batchId: string, digests: readonly string[]): boolean =>
  ctx.digests.matches(digest, ["payout_batch", batchId, ...digests]);

const approvalParts = ({ by, at, digest }: Approval): readonly unknown[] => ["payout_approval", by, at, digest];

/** The approval with the proof that this service stored it: approvers are shown the digest, so that alone proves nothing. */
export const withProof = (ctx: Context, approval: Approval): Approval => ({
  ...approval,
  proof: ctx.digests.make(approvalParts(approval)),
});

const isProven = (ctx: Context, approval: Approval): boolean =>
  approval.proof === undefined
    ? ctx.config.payouts.origin === "accept_missing"
    : ctx.digests.matches(approval.proof, approvalParts(approval));

/**
 * Whether the row is still what was approved. One that needs approval has at least one, and the digest and the proof of
 * each that it has must fit.
 */
export function isAsApproved(ctx: Context, content: Content): boolean {
  const { approvals, approval_required } = content.payout;
  if (approvals.length === 0) return !approval_required;
  return approvals.every((each) => isDigestOf(ctx, each.digest, content) && isProven(ctx, each));
}
