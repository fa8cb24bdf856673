import { type Context, type IdempotencyClaim, reachOfRequest } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import type { Database, Statement } from "../../db/database.ts";
import { abortIfUnchanged, first, type Query, statement } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { Problem, problems } from "../../problems/problem.ts";
import { findActor } from "../people/actor.ts";
import type { ChangeKinds } from "./kind.ts";
import { AnswerTaker, shownOf } from "./preview.ts";
import { type ChangeRow, changeView, decided, openInput, selectChange, storeDecision } from "./store.ts";

const HOUR_MS = 3_600_000;

/** The job of a change that nobody has decided: it applies when its time has come. */
export async function applyDueChange(ctx: Context, id: string, kinds: ChangeKinds): Promise<JobOutcome> {
  return await retryOnConflict<JobOutcome>(async () => {
    const row = await first(ctx.db, selectChange(id));
    if (row === null || row.status !== "proposed") return "finished";
    if (row.applies_at > ctx.clock.now()) return { runAt: row.applies_at };
    if (await isDisabled(ctx, row.merchant_id)) return { runAt: ctx.clock.now() + HOUR_MS };
    await apply(ctx, row, kinds);
    return "finished";
  });
}

const countDisabled = (id: string): Query<number> => ({
  sql: "SELECT count(*) FROM merchants WHERE id = ? AND status = 'disabled'",
  args: [id],
  map: ([count]) => Number(count),
});
const isDisabled = async (ctx: Context, merchantId: string): Promise<boolean> =>
  await first(ctx.db, countDisabled(merchantId)) === 1;

/**
 * Applies a change as its proposer, in one batch with its own end. One that no longer fits becomes `stale`. `ctx` is of
 * who decides: somebody who confirms, and what they signed, or the system. Conflicts are thrown; run it again then.
 */
export async function apply(
  ctx: Context,
  row: ChangeRow,
  kinds: ChangeKinds,
  signed: readonly Statement[] = [],
): Promise<ChangeRow> {
  try {
    return await run(ctx, row, kinds, signed);
  } catch (error) {
    if (!(error instanceof Problem) || problems[error.code].status >= 500) throw error;
    return await endStale(ctx, row, error.detail);
  }
}

async function run(
  ctx: Context,
  row: ChangeRow,
  kinds: ChangeKinds,
  signed: readonly Statement[],
): Promise<ChangeRow> {
  const kind = kinds.get(row.operation);
  if (kind === undefined) throw new Problem("change_stale", "This version of the service no longer has such a change.");
  const proposer = await findActor(ctx, row.proposed_by);
  if (proposer === null) throw new Problem("change_stale", "The client or person that proposed it may no longer act.");
  const { merchantId, scopes } = proposer;
  const identity = { merchantId, actorMerchantId: merchantId, scopes };
  const own: Context = {
    ...ctx,
    ...identity,
    actor: proposer.id,
    reach: reachOfRequest(kind.route.operation.reach, identity),
    claim: null,
  };
  const input = await openInput(ctx.vault, row);
  const subject = await kind.subject(own, input);
  if (subject.basis !== row.basis) {
    throw new Problem("change_stale", "What it would change was changed meanwhile. Propose it again if it is wanted.");
  }
  const taker = new AnswerTaker(abortUnlessProposed(row));
  const guards = [...(subject.guard === null ? [] : [subject.guard]), ...signed];
  const end = new EndedChange(ctx, row, taker, guards, kind.route.operation.method === "DELETE");
  await kind.route.run({ ...own, claim: taker, db: end }, input);
  return end.after();
}

const abortUnlessProposed = ({ id, version }: ChangeRow): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE NOT EXISTS " +
      "(SELECT 1 FROM change_requests WHERE id = ? AND status = 'proposed' AND version = ?)",
    id,
    version,
  );

/** The database of the operation that makes the change: its batch also ends the change request. */
class EndedChange implements Database {
  #after: ChangeRow | null = null;
  constructor(
    readonly ctx: Context,
    readonly row: ChangeRow,
    readonly taker: AnswerTaker,
    /** What comes first in its batch. */
    readonly first: readonly Statement[],
    readonly isRemoval: boolean,
  ) {}

  read(statements: readonly Statement[]): ReturnType<Database["read"]> {
    return this.ctx.db.read(statements);
  }

  async write(statements: readonly Statement[]): ReturnType<Database["write"]> {
    const { ctx, row, taker, first } = this;
    const after: ChangeRow = {
      ...decided(row, "applied", { by: ctx.actor, now: ctx.clock.now() }),
      subject_id: taker.subjectId,
      after: this.isRemoval ? null : shownOf(taker.answer?.body ?? {}, row.before === null),
    };
    const ending = await endingOf(ctx, row, after, "change.applied");
    const results = await ctx.db.write([...first, ...statements, ...ending]);
    ctx.claim?.markStored("answered");
    this.#after = after;
    return results.slice(first.length, first.length + statements.length);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  after(): ChangeRow {
    if (this.#after === null) throw new Error(`the operation of change request ${this.row.id} has written nothing`);
    return this.#after;
  }
}

const eventOf = {
  "change.applied": "security.change_applied",
  "change.rejected": "security.change_rejected",
  "change.stale": "security.change_stale",
} as const;

/** Statements: the end of a change request, who decided, and who is told. */
async function endingOf(
  ctx: Context,
  row: ChangeRow,
  after: ChangeRow,
  action: keyof typeof eventOf,
): Promise<readonly Statement[]> {
  const view = changeView(after);
  return [...decisionStatements(ctx, row, after, action), ...await answered(ctx.claim, row.id, view)];
}

/** Statements: the same without the answer for an Idempotency-Key. They fail with `conflict` if somebody else decided. */
export function decisionStatements(
  ctx: Context,
  row: ChangeRow,
  after: ChangeRow,
  action: keyof typeof eventOf,
): readonly Statement[] {
  const owner = { ...ctx, merchantId: row.merchant_id };
  return [
    storeDecision(after, row.id, row.version),
    abortIfUnchanged,
    auditEntry(owner, action, row.id, {
      kind: row.kind,
      subject: after.subject_id,
      proposed_by: row.proposed_by,
      decided_by: ctx.actor,
      ...(after.reason === null ? {} : { reason: after.reason }),
    }, { before: row.before ?? {}, after: after.after ?? {} }),
    event(owner, eventOf[action], row.id, { ...changeView(after) }),
    ctx.jobs.drop("change_request", row.id),
  ];
}

async function answered(claim: IdempotencyClaim | null, id: string, body: unknown): Promise<Statement[]> {
  return claim === null || claim.state !== "free" ? [] : [await claim.claimStatement(id, { status: 200, body })];
}

/** Ends a change that no longer fits. */
async function endStale(ctx: Context, row: ChangeRow, reason: string): Promise<ChangeRow> {
  const after = decided(row, "stale", { by: ctx.actor, reason, now: ctx.clock.now() });
  await ctx.db.write(decisionStatements(ctx, row, after, "change.stale"));
  return after;
}
