import type { Context, Services } from "../context/context.ts";
import type { Job } from "../context/jobs.ts";
import { ConstraintError, type Database, type Result, type Statement } from "../db/database.ts";
import { statement } from "../db/query.ts";

const ABORT_UNLESS_HELD = "INSERT INTO guards (failed) SELECT 'lease_lost' " +
  "WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE id = ? AND lease = ?)";
/** The CHECK of the table `guards` that refuses whatever no other CHECK of it names. */
const RULE = "guard";

/**
 * A database for one run of a job. The lease is a fencing token: each batch is refused, as a whole, if the run does not
 * hold the job's lease any more. So a run that was stopped past its lease and wakes up changes nothing.
 */
class FencedDatabase implements Database {
  readonly #fence: Statement;
  constructor(readonly unfenced: Database, { id, lease }: Job) {
    this.#fence = statement(ABORT_UNLESS_HELD, id, lease);
  }

  read(statements: readonly Statement[]): Promise<readonly Result[]> {
    return this.unfenced.read(statements);
  }

  /** As `Database.write`. Errors: see {@link isLeaseLost}. */
  async write(statements: readonly Statement[]): Promise<readonly Result[]> {
    if (statements.length === 0) return [];
    return (await this.unfenced.write([this.#fence, ...statements])).slice(1);
  }

  close(): Promise<void> {
    return this.unfenced.close();
  }
}

/** The services for one run of a job: what they write is refused once the run has lost its lease. */
export const fenced = (services: Services, job: Job): Services => ({
  ...services,
  db: new FencedDatabase(services.db, job),
});

/**
 * The context for what M-Pesa has answered to this run. An answer is evidence and comes once, so it is stored even if the
 * lease is lost. The version of the row keeps it apart from what other runs have stored.
 */
export const forEvidence = (ctx: Context): Context =>
  ctx.db instanceof FencedDatabase ? { ...ctx, db: ctx.db.unfenced } : ctx;

/** The database without the fence, for what a run writes after its job has ended. Nothing that moves money may use it. */
export const outsideJob = (db: Database): Database => db instanceof FencedDatabase ? db.unfenced : db;

/** Whether a batch was refused because another run has the job now, or because the job is gone. */
export const isLeaseLost = (error: unknown): boolean => error instanceof ConstraintError && error.rule === RULE;
