import { PLATFORM, type Scope } from "../auth/scopes.ts";
import type { Result, Statement } from "../db/database.ts";
import { EveryReach, OwnReach, type Reach } from "../db/reach.ts";
import { Problem } from "../problems/problem.ts";
import type { Fields } from "../telemetry/log.ts";
import type { Services } from "./services.ts";
import type { Signature } from "./signature.ts";
import type { RequestSignature } from "./request-signature.ts";

export type { Fields, Log } from "../telemetry/log.ts";
export type { Services } from "./services.ts";

/** The Idempotency-Key of a request. Its row is written in the same batch as the request's first change. */
export interface IdempotencyClaim {
  /** `free`: not stored yet. `taken`: stored without an answer. `answered`: stored with the answer. */
  readonly state: "free" | "taken" | "answered";
  /** Statement: claims the key for `subjectId`, with the answer if it is known already. */
  claimStatement(subjectId: string, answer?: Answer): Promise<Statement>;
  /** Statement: stores the answer of a key that was claimed before. */
  answerStatement(answer: Answer): Promise<Statement>;
  /** Call this after the batch with {@link claimStatement} or {@link answerStatement} was committed. */
  markStored(state: "taken" | "answered"): void;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What an operation gets: the services, and who makes the request. */
export interface Context extends Services {
  readonly merchantId: string;
  /** Whose rows may be touched. Only the rows of `merchantId`, unless the operation and the token reach further. */
  readonly reach: Reach;
  /** The client's id, or `daraja`, `system`. */
  readonly actor: string;
  /** The client's merchant, for the audit trail: `merchantId` may become the subject's. */
  readonly actorMerchantId?: string;
  /** The address that a client's request came from. None for shoppers: it would be personal data. */
  readonly address?: string;
  readonly requestId: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly claim: IdempotencyClaim | null;
  /** What the person who acts has signed by passkey with this request. */
  readonly signature?: Signature;
  /** The signature of the request itself, where its operation takes one. */
  readonly requestSignature?: RequestSignature | null;
  /** The language of sentences for people, by `Accept-Language`. Default: English. */
  readonly language?: "en" | "sw";
  /** Adds fields to the one log line of this request or job. */
  note(fields: Fields): void;
}

/**
 * Throws if the caller lacks the scope. A caller that reaches every merchant passes for an operator. Errors:
 * `insufficient_scope`.
 */
export function requireScope(ctx: Pick<Context, "scopes" | "reach">, scope: Scope): void {
  if (ctx.scopes.has(scope) || (scope === "operator" && ctx.reach.kind === "every")) return;
  const ask = scope === PLATFORM
    ? "Only the people who run this service have it."
    : "Ask for a token with this scope, or ask an operator for a client that has it.";
  throw new Problem("insufficient_scope", `This needs the scope ${scope}. ${ask}`);
}

/** What an operation about every merchant gets: its caller has the scope `platform`. */
export type PlatformContext = Context & { readonly reach: EveryReach };

/** Throws unless the caller reaches every merchant. Errors: `insufficient_scope`. */
export function requirePlatform(ctx: Context): asserts ctx is PlatformContext {
  if (ctx.reach.kind !== "every") requireScope({ scopes: new Set(), reach: ctx.reach }, PLATFORM);
}

/** The reach of a request: that of the token, as far as the operation allows. */
export const reachOfRequest = (
  allowed: "own" | "platform",
  { merchantId, scopes }: { readonly merchantId: string; readonly scopes: ReadonlySet<Scope> },
): Reach => allowed === "platform" && scopes.has(PLATFORM) ? EveryReach.of() : OwnReach.of(merchantId);

/**
 * Whose rows a request is about: those of the caller's own merchant, or, with the scope `platform`, of the merchant that
 * it names, or of `all`. Errors: `insufficient_scope`, whether or not there is such a merchant.
 */
export function reachTo(ctx: Context, merchant: string | undefined): Reach {
  if (merchant === undefined || merchant === ctx.merchantId) return OwnReach.of(ctx.merchantId);
  requirePlatform(ctx);
  return merchant === "all" ? ctx.reach : ctx.reach.to(merchant);
}

/**
 * Writes one batch of a request. The first batch also claims the request's Idempotency-Key. If `answer` is given, it is
 * stored in the same batch, so a repeated request gets it even if this process dies before it answers.
 */
export async function commit(
  ctx: Context,
  subjectId: string,
  statements: readonly Statement[],
  answer?: Answer,
): Promise<readonly Result[]> {
  const claim = ctx.claim;
  if (claim === null || claim.state === "answered") return await ctx.db.write(statements);
  const first = claim.state === "free" ? [await claim.claimStatement(subjectId, answer)] : [];
  const last = claim.state === "taken" && answer !== undefined ? [await claim.answerStatement(answer)] : [];
  const results = await ctx.db.write([...first, ...statements, ...last]);
  claim.markStored(answer === undefined ? "taken" : "answered");
  return results.slice(first.length, first.length + statements.length);
}

/** The context of work that no request started: jobs and notices. */
export function systemContext(
  services: Services,
  merchantId: string,
  actor: "daraja" | "system",
  requestId: string,
  note: (fields: Fields) => void,
): Context {
  return { ...services, merchantId, reach: EveryReach.of(), actor, requestId, scopes: new Set(), claim: null, note };
}
