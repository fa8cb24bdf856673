import type { Job, JobHandler, JobKind } from "../context/jobs.ts";
import type { Database } from "../db/database.ts";
import type { Clock } from "../platform/ports.ts";
import { errorText, type Log } from "../telemetry/log.ts";
import type { Span, Telemetry } from "../telemetry/tracing.ts";
import { backoffMs, MAX_ATTEMPTS } from "./backoff.ts";
import { isLeaseLost } from "./fence.ts";
import type { LeasedJob } from "./pool.ts";
import { deleteFinished, release, reschedule } from "./store.ts";

export type JobHandlers = Readonly<Partial<Record<JobKind, JobHandler>>>;

export interface RunnerDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Multiplies the pauses between failed runs. */
  readonly scale: number;
  /** Asks for a wake-up at `runAt` (ms since the epoch). */
  readonly wake: (runAt: number) => void;
  readonly telemetry?: Telemetry | null;
}

/** Runs a leased job as a span of the trace that scheduled it. Never rejects. */
export async function runTraced(deps: RunnerDeps, handlers: JobHandlers, leased: LeasedJob): Promise<void> {
  const { telemetry } = deps;
  if (!telemetry) return await runJob(deps, handlers, leased);
  const { id, kind, subjectId, attempts } = leased.job;
  const attributes = {
    "malipo.job.id": id,
    "malipo.job.kind": kind,
    "malipo.job.attempt": attempts,
    "malipo.subject": subjectId,
  };
  const parent = await telemetry.stored(id);
  await telemetry.span(
    `job ${kind}`,
    { kind: "consumer", attributes, parent },
    (span) => runJob(deps, handlers, leased, span),
  );
}

/** Runs a leased job, stores how it ended, and logs one line. Never rejects. */
export async function runJob(
  deps: RunnerDeps,
  handlers: JobHandlers,
  { job, hint }: LeasedJob,
  span?: Span,
): Promise<void> {
  const started = deps.clock.now();
  const fields: Record<string, unknown> = {
    job: job.id,
    kind: job.kind,
    subject: job.subjectId,
    attempts: job.attempts,
  };
  try {
    const handler = handlers[job.kind];
    if (handler === undefined) throw new Error(`no handler for jobs of kind ${job.kind}`);
    const outcome = await handler(job, hint, (more) => void Object.assign(fields, more));
    const now = deps.clock.now();
    if (outcome === "finished") await deps.db.write([deleteFinished(job)]);
    else if (outcome !== "stored") {
      await deps.db.write([reschedule(job, outcome.runAt, now)]);
      deps.wake(outcome.runAt);
    }
    span?.set({ "malipo.job.outcome": typeof outcome === "string" ? outcome : "again" });
    deps.log.write("info", "job", {
      ...fields,
      ms: now - started,
      outcome: typeof outcome === "string" ? outcome : "again",
    });
  } catch (error) {
    const more = { ...fields, ms: deps.clock.now() - started };
    // Another run has the job now, or a change has replaced it or made it needless: there is nothing to store.
    span?.fail(isLeaseLost(error) ? "lease_lost" : error instanceof Error ? error.name : "unknown");
    if (isLeaseLost(error)) deps.log.write("info", "job", { ...more, outcome: "lease_lost" });
    else await storeFailure(deps, job, error, more);
  }
}

async function storeFailure(
  { db, clock, log, scale, wake }: RunnerDeps,
  job: Job,
  error: unknown,
  fields: Record<string, unknown>,
): Promise<void> {
  const isDead = job.attempts >= MAX_ATTEMPTS;
  const now = clock.now();
  const runAt = now + backoffMs(job.kind, job.attempts) * scale;
  const message = errorText(error);
  log.write(isDead ? "alert" : "warn", isDead ? "job_dead" : "job_failed", { ...fields, error: message });
  try {
    await db.write([release(job, runAt, now, message, isDead)]);
    wake(runAt);
  } catch {
    // The database is unavailable. The lease ends, and the sweep takes the job again.
  }
}
