import type { Scope } from "../auth/scopes.ts";
import type { Result, Statement } from "../db/database.ts";
import { Problem } from "../problems/problem.ts";
import type { Fields } from "../telemetry/log.ts";
import type { Services } from "./services.ts";

export type { Fields, Log } from "../telemetry/log.ts";
export type { Services } from "./services.ts";

/** The Idempotency-Key of a request; its row is written in the batch of the request's first change. */
export interface IdempotencyClaim {
  readonly state: "free" | "taken" | "answered";
  /** Claims the key for `subjectId`, together with the answer where it is known already. */
  claimStatement(subjectId: string, answer?: Answer): Promise<Statement>;
  /** Stores the answer of a key claimed earlier. */
  answerStatement(answer: Answer): Promise<Statement>;
  /** Says that a batch with {@link claimStatement} or {@link answerStatement} was stored. */
  markStored(state: "taken" | "answered"): void;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What a verb works with: the services, and who asks. */
export interface Context extends Services {
  readonly merchantId: string;
  /** The client's id, or `daraja`, `system`. */
  readonly actor: string;
  readonly requestId: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly claim: IdempotencyClaim | null;
  /** Adds fields to the one log line of this request or job. */
  note(fields: Fields): void;
}

/** Refuses a caller without the scope. Errors: `insufficient_scope`. */
export function requireScope(ctx: Pick<Context, "scopes">, scope: Scope): void {
  if (ctx.scopes.has(scope)) return;
  throw new Problem(
    "insufficient_scope",
    `This needs the scope ${scope}. Ask for a token that carries it, or have an operator grant it to the client.`,
  );
}

/**
 * Writes one batch of a request: its Idempotency-Key is claimed in the first. With `answer`, the answer is stored in
 * the same batch, so a replay finds it even if the process dies before it is sent.
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

/** The context of work that no request asked for. */
export function systemContext(
  services: Services,
  merchantId: string,
  actor: "daraja" | "system",
  requestId: string,
  note: (fields: Fields) => void,
): Context {
  return { ...services, merchantId, actor, requestId, scopes: new Set(), claim: null, note };
}
