import type { Job, JobKind, JobQueue } from "../context/jobs.ts";
import { newId } from "../crypto/ids.ts";
import type { Database, Statement } from "../db/database.ts";
import { first } from "../db/query.ts";
import type { Clock, Queue } from "../platform/ports.ts";
import type { Log } from "../telemetry/log.ts";
import type { Telemetry } from "../telemetry/tracing.ts";
import { selectNextDueAt } from "./claim.ts";
import { Claimer, type PoolName } from "./claimer.ts";
import { NoticeBurst } from "./notice-burst.ts";
import { Pool } from "./pool.ts";
import { type JobHandlers, runTraced } from "./run-job.ts";
import { deleteJob, insertLeased, release, replace, schedule, scheduleFound, scheduleIf } from "./store.ts";
import { WakeUps } from "./wake-ups.ts";

const NOTICE_LEASE_MS = 15_000;
const MONEY_POOL_SIZE = 32;
const BACKGROUND_POOL_SIZE = 4;
/** Notices call nobody outside, so more of them at once would not finish sooner, and would delay requests. */
const NOTICE_POOL_SIZE = 8;
/**
 * The size of the notice pool during a burst. Daraja sends a notice once, so storing one comes before handling one that
 * is stored already.
 */
const NOTICE_POOL_SIZE_IN_BURST = 2;
const MAX_WAITING_NOTICES = 8_000;

/** A part of the service that starts and stops together with the pools. */
export interface Worker {
  start(): void;
  /** Starts nothing more, and waits up to `graceMs` for what runs. */
  stop(graceMs: number): Promise<void>;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

/** What {@link Jobs} works with. `scale` multiplies the pauses between failed runs. */
export interface JobsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly queue: Queue;
  readonly log: Log;
  readonly scale: number;
  readonly telemetry?: Telemetry | null;
}

/** The queue of later work: rows in the database, and wake-ups at the times when jobs are due. A lost wake-up only delays. */
export class Jobs implements JobQueue {
  #handlers: JobHandlers = {};
  /**
   * Deliveries to merchants have a pool of their own, so that they never take the place of jobs that settle money. The
   * notices that this process has just stored have one too.
   */
  readonly #pools: { readonly money: Pool; readonly background: Pool; readonly notices: Pool };
  readonly #workers: Worker[] = [];
  readonly #claimer: Claimer;
  readonly #wakeUps: WakeUps;
  readonly #burst: NoticeBurst;
  #stopped = true;
  /** The lease of the notices that this process stores. A later claim of one of them has another. */
  readonly #lease = crypto.randomUUID();

  constructor(readonly deps: JobsDeps) {
    this.#wakeUps = new WakeUps(deps);
    const burst = this.#burst = new NoticeBurst(deps.clock);
    const runner = { ...deps, wake: (runAt: number) => this.wake(runAt) };
    const perform: Pool["perform"] = (leased) => runTraced(runner, this.#handlers, leased);
    const pool = (name: PoolName, size: number) =>
      new Pool(size, perform, (wasFull) => {
        if (wasFull || this.#claimer.isCrowded(name)) this.claimNow();
      });
    const noticeLimit = () => burst.isActive ? NOTICE_POOL_SIZE_IN_BURST : NOTICE_POOL_SIZE;
    this.#pools = {
      money: pool("money", MONEY_POOL_SIZE),
      background: pool("background", BACKGROUND_POOL_SIZE),
      notices: new Pool(NOTICE_POOL_SIZE, perform, () => {}, noticeLimit),
    };
    const giveBack = (jobs: readonly Job[]) => this.#giveBack(jobs);
    const isStopped = () => this.#stopped;
    this.#claimer = new Claimer({ ...deps, pools: this.#pools, giveBack, isStopped }, () => this.claimNow());
  }

  /** Adds a part of the service that starts, stops and becomes idle together with the pools. */
  addWorker(worker: Worker): void {
    this.#workers.push(worker);
  }

  /** Starts to run jobs. The handlers come late because they need the services, and the services hold this object. */
  start(handlers: JobHandlers): void {
    this.#handlers = handlers;
    this.#stopped = false;
    for (const worker of this.#workers) worker.start();
    this.deps.queue.listen(() => this.claimNow());
  }

  /** Statement: the subject has a job of this kind, due at `runAt` (ms). Call {@link wake} after the commit. */
  schedule(kind: JobKind, subjectId: string, merchantId: string | null, runAt: number): Statement {
    return schedule({ kind, subjectId, merchantId, runAt, now: this.deps.clock.now() });
  }

  /** Statement: the same, if `condition` holds when it runs. */
  scheduleIf(
    condition: Statement,
    kind: JobKind,
    subjectId: string,
    merchantId: string | null,
    runAt: number,
  ): Statement {
    return scheduleIf(condition, { kind, subjectId, merchantId, runAt, now: this.deps.clock.now() });
  }

  /** Statement: the subject that `subject` finds has a job of this kind. See {@link scheduleFound} in store.ts. */
  scheduleFound(kind: JobKind, subject: Statement, merchantId: string | null, runAt: number): Statement {
    return scheduleFound(subject, { kind, merchantId, runAt, now: this.deps.clock.now() });
  }

  /** Statement: the subject has one free job of this kind, due at `runAt` (ms). See {@link replace} in store.ts. */
  replace(kind: JobKind, subjectId: string, merchantId: string | null, runAt: number): Statement {
    return replace({ kind, subjectId, merchantId, runAt, now: this.deps.clock.now() });
  }

  /** Statement: the subject needs no job of this kind any more. */
  drop(kind: JobKind, subjectId: string): Statement {
    return deleteJob(kind, subjectId);
  }

  /**
   * A job that this process has leased before it is stored, and the statement that stores it. Call {@link run} after the
   * commit.
   */
  insertLeased(kind: "notice", subjectId: string): { readonly job: Job; readonly statement: Statement } {
    const now = this.deps.clock.now();
    const leaseUntil = now + NOTICE_LEASE_MS;
    const job = { id: newId("job"), kind, subjectId, merchantId: null, attempts: 1, lease: this.#lease, leaseUntil };
    return { job, statement: insertLeased(job, "notices", now) };
  }

  /** Runs a job of {@link insertLeased} as soon as the pool has room. `hint` saves the handler a read. */
  run(job: Job, hint: unknown): void {
    const pool = this.#pools.notices;
    if (!this.#stopped && pool.waiting < MAX_WAITING_NOTICES) pool.add({ job, hint });
    else this.wake(job.leaseUntil); // at the end of the lease any process may take it
  }

  /** Runs `store`, which comes before jobs: while many such writes are under way, only a few jobs run. */
  async storeFirst<T>(store: () => Promise<T>): Promise<T> {
    return await this.#burst.during(store);
  }

  /** Asks for a wake-up at `runAt` (ms since the epoch). */
  wake(runAt: number): void {
    if (!this.#stopped) this.#wakeUps.request(runAt);
  }

  /** Leases the jobs that are due, as far as the pools have room, and runs them. */
  claimNow(): void {
    this.#wakeUps.forgetPast();
    if (!this.#stopped) this.#claimer.claim();
  }

  /** The sweep: runs due jobs that no wake-up has started, and asks for a wake-up for the next one. */
  async sweep(): Promise<void> {
    this.claimNow();
    const at = await first(this.deps.db, selectNextDueAt);
    if (at !== null) this.wake(at);
  }

  /**
   * Claims no more jobs, gives back those that wait, waits up to `graceMs` for those that run, and gives back the rest. A
   * claim that is under way is waited for in any case, so that the database is not closed under it.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    const pools = Object.values(this.#pools);
    const workers = this.#workers.map((worker) => worker.stop(graceMs));
    await this.#giveBack(pools.flatMap((pool) => pool.takeWaiting().map(({ job }) => job)));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const graceOver = new Promise<void>((resolve) => timer = setTimeout(resolve, graceMs));
    const ended = Promise.all([...this.#running(), this.#claimer.current]);
    await Promise.all([...workers, Promise.race([graceOver, ended])]);
    clearTimeout(timer);
    await this.#claimer.current;
    await this.#giveBack(pools.flatMap((pool) => [...pool.takeWaiting().map(({ job }) => job), ...pool.jobs]));
  }

  /** Makes jobs due at once, for another process. If the database is unavailable, their leases end by themselves. */
  async #giveBack(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    const now = this.deps.clock.now();
    await this.deps.db.write(jobs.map((job) => release(job, now, now, null, false))).catch((error: unknown) =>
      this.deps.log.write("warn", "release_failed", { jobs: jobs.length, error: String(error) })
    );
  }

  /** Resolves when nothing runs or waits here. */
  async idle(): Promise<void> {
    do {
      while (this.#isBusy()) await Promise.all([...this.#running(), this.#claimer.current]);
      await Promise.all(this.#workers.map((worker) => worker.idle()));
    } while (this.#isBusy());
  }

  #isBusy(): boolean {
    return this.#running().length > 0 || this.#claimer.current !== null;
  }

  #running(): readonly Promise<void>[] {
    return Object.values(this.#pools).flatMap((pool) => pool.running);
  }
}
