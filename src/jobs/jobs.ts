import type { Job, JobHandler, JobKind, JobQueue } from "../context/jobs.ts";
import { errorText, type Log } from "../telemetry/log.ts";
import { newId } from "../crypto/ids.ts";
import type { Database, Statement } from "../db/database.ts";
import { first } from "../db/query.ts";
import type { Clock, Queue } from "../platform/ports.ts";
import { backoff, MOST_RUNS } from "./backoff.ts";
import { type Leased, Pool } from "./pool.ts";
import { claimDue, nextDue, type Wanted } from "./claim.ts";
import { cancel, finish, insertLeased, release, replace, reschedule, schedule } from "./store.ts";

const LEASE_MS = 60_000;
const NOTICE_LEASE_MS = 15_000;
const POOL = 32;
/** They wait for nobody outside, so more at once would be no sooner done, and would keep requests waiting. */
const NOTICES_POOL = 8;
const BACKGROUND_POOL = 4;
/** Of a pool, how much one merchant's jobs may take: another's then never wait for a slow call of theirs. */
const SHARE = 0.75;
const WAITING_MOST = 8_000;
/** While more than so many notices are stored at once, so few jobs run: what Daraja says once comes before what can wait. */
const STORING_MANY = 8;
const NOTICES_MEANWHILE = 2;
/** They come in bursts: it is not over when the last of one is stored. */
const BURST_MS = 25;

/** What works beside the pools, and starts and stops with them. */
export interface Worker {
  start(): void;
  /** Begins nothing more, waits up to `graceMs` for what runs. */
  stop(graceMs: number): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** The queue of later work: rows in the database, woken by hints. A lost hint only delays. */
export class Jobs implements JobQueue {
  #handlers: Readonly<Partial<Record<JobKind, JobHandler>>> = {};
  /**
   * What tells others has a pool of its own: it never takes the place of what settles money. So have the notices that
   * were stored here a moment ago.
   */
  readonly #pools: { readonly money: Pool; readonly background: Pool; readonly notices: Pool };
  readonly #workers: Worker[] = [];
  #claiming: Promise<void> | null = null;
  #claimAgain = false;
  /** More was due than there was room for: merchants take turns until that has passed. */
  readonly #crowded = { money: false, background: false };
  #stopped = true;
  #storing = 0;
  #burstUntil = 0;
  readonly #wakes = new Set<number>();
  readonly #lease = crypto.randomUUID();

  constructor(
    readonly deps: {
      readonly db: Database;
      readonly clock: Clock;
      readonly queue: Queue;
      readonly log: Log;
      readonly scale: number;
    },
  ) {
    const pool = (which: "money" | "background", size: number) =>
      new Pool(size, (leased) => this.#perform(leased), (full) => {
        if (full || this.#crowded[which]) this.claimNow();
      });
    const inBurst = () => deps.clock.now() < this.#burstUntil;
    this.#pools = {
      money: pool("money", POOL),
      background: pool("background", BACKGROUND_POOL),
      notices: new Pool(
        NOTICES_POOL,
        (leased) => this.#perform(leased),
        () => {},
        () => inBurst() ? NOTICES_MEANWHILE : NOTICES_POOL,
      ),
    };
  }

  /** Has something start, stop and come to rest together with the pools. */
  addWorker(worker: Worker): void {
    this.#workers.push(worker);
  }

  /** Starts taking work. The handlers come late because they need the services that hold this. */
  start(handlers: Readonly<Partial<Record<JobKind, JobHandler>>>): void {
    this.#handlers = handlers;
    this.#stopped = false;
    for (const worker of this.#workers) worker.start();
    this.deps.queue.listen(() => this.claimNow());
  }

  /** Statement: the subject has a job of this kind, due at `runAt` (ms). Call {@link wake} after the commit. */
  schedule(kind: JobKind, subjectId: string, merchantId: string | null, runAt: number): Statement {
    return schedule({ kind, subjectId, merchantId, runAt, now: this.deps.clock.now() });
  }

  /** Statement: the subject has one free job of this kind, due at `runAt` (ms). See {@link replace} in store.ts. */
  replace(kind: JobKind, subjectId: string, merchantId: string | null, runAt: number): Statement {
    return replace({ kind, subjectId, merchantId, runAt, now: this.deps.clock.now() });
  }

  /** Statement: the subject needs no job of this kind any more. */
  drop(kind: JobKind, subjectId: string): Statement {
    return cancel(kind, subjectId);
  }

  /** A job leased to this process from birth, and the statement that stores it. Call {@link run} after the commit. */
  insertLeased(kind: "notice", subjectId: string): { readonly job: Job; readonly statement: Statement } {
    const now = this.deps.clock.now();
    const leaseUntil = now + NOTICE_LEASE_MS;
    const job = { id: newId("job"), kind, subjectId, merchantId: null, attempts: 1, lease: this.#lease, leaseUntil };
    return { job, statement: insertLeased(job, "notices", now) };
  }

  /** Runs a job born here, as soon as the pool has room. `hint` saves the handler a read. */
  run(job: Job, hint: unknown): void {
    const pool = this.#pools.notices;
    if (!this.#stopped && pool.waiting < WAITING_MOST) pool.add({ job, hint });
    else this.wake(job.leaseUntil); // then anybody may take it
  }

  /** Stores what can't wait for jobs; where much of it comes at once, they wait for it. */
  async storeFirst<T>(store: () => Promise<T>): Promise<T> {
    if (++this.#storing > STORING_MANY) this.#burstUntil = this.deps.clock.now() + BURST_MS;
    try {
      return await store();
    } finally {
      this.#storing--;
    }
  }

  /** Asks to be woken at `runAt` (ms). Wake-ups of the same moment share one message. */
  wake(runAt: number): void {
    const now = this.deps.clock.now();
    const grain = runAt - now < 5_000 ? 50 : 1_000;
    const at = Math.ceil(Math.max(runAt, now) / grain) * grain;
    if (this.#stopped || this.#wakes.has(at)) return;
    this.#wakes.add(at);
    this.deps.queue.enqueue(at - now).catch((error: unknown) =>
      this.deps.log.write("warn", "wake_lost", { error: String(error) })
    );
  }

  /** Takes what is due, as far as the pool has room, and runs it. */
  claimNow(): void {
    const now = this.deps.clock.now();
    for (const at of this.#wakes) if (at <= now) this.#wakes.delete(at);
    if (this.#stopped) return;
    if (this.#claiming !== null) {
      this.#claimAgain = true;
      return;
    }
    this.#claiming = this.#claim()
      .catch((error: unknown) => this.deps.log.write("warn", "claim_failed", { error: String(error) }))
      .finally(() => {
        this.#claiming = null;
        if (this.#claimAgain) {
          this.#claimAgain = false;
          this.claimNow();
        }
      });
  }

  /** The sweep: runs what is due and was not woken, and asks for a wake-up for what is due next. */
  async sweep(): Promise<void> {
    this.claimNow();
    const at = await first(this.deps.db, nextDue);
    if (at !== null) this.wake(at);
  }

  /** Stops taking work, gives back what waits, waits up to `graceMs` for what runs, and gives back what runs still. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    const pools = Object.values(this.#pools);
    const others = this.#workers.map((worker) => worker.stop(graceMs));
    await this.#giveBack(pools.flatMap((pool) => pool.drain().map(({ job }) => job)));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, graceMs));
    await Promise.all([...others, Promise.race([late, Promise.all([...this.#running(), this.#claiming])])]);
    clearTimeout(timer);
    await this.#giveBack(pools.flatMap((pool) => [...pool.drain().map(({ job }) => job), ...pool.jobs]));
  }

  /** Due again at once, for another process. Where the store is away, the leases run out. */
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
      while (this.#running().length > 0 || this.#claiming !== null) {
        await Promise.all([...this.#running(), this.#claiming]);
      }
      await Promise.all(this.#workers.map((worker) => worker.idle()));
    } while (this.#running().length > 0 || this.#claiming !== null);
  }

  #running(): readonly Promise<void>[] {
    return Object.values(this.#pools).flatMap((pool) => pool.running);
  }

  /** A pool without room asks again, by its `onEnd`, when one of its jobs has ended. */
  async #claim(): Promise<void> {
    const now = this.deps.clock.now();
    const wanted = (["money", "background"] as const).map((which) => this.#wanted(which)).filter(({ room }) =>
      room > 0
    );
    if (wanted.length === 0) return;
    const queries = wanted.map((want) => claimDue(want, now, now + LEASE_MS, this.#lease));
    const results = await this.deps.db.write(queries);
    for (const [i, { which, room, share, held }] of wanted.entries()) {
      const taken = (results[i]?.rows ?? []).map((row) => queries[i]?.map(row) as Job); // a query for each result
      const pool = this.#pools[which];
      for (const job of taken) pool.add({ job, hint: undefined });
      // What held others back is what was held when the claim was made: since then some may have ended, and told nobody.
      const limited = [...held].some(([lane, count]) => count + ownedBy(lane, taken) >= share) ||
        [...pool.held().values()].some((count) => count >= share);
      this.#crowded[which] = taken.length === room || limited;
      if (this.#crowded[which] && pool.room() > 0 && freed(held, taken, pool.held())) this.#claimAgain = true;
    }
  }

  #wanted(which: Wanted["which"]): Wanted {
    const pool = this.#pools[which];
    const share = Math.ceil(pool.size * SHARE);
    return { which, room: pool.room(), share, held: pool.held(), crowded: this.#crowded[which] };
  }

  async #perform({ job, hint }: Leased): Promise<void> {
    const started = this.deps.clock.now();
    const fields: Record<string, unknown> = {
      job: job.id,
      kind: job.kind,
      subject: job.subjectId,
      attempts: job.attempts,
    };
    try {
      const handler = this.#handlers[job.kind];
      if (handler === undefined) throw new Error(`no handler for jobs of kind ${job.kind}`);
      const outcome = await handler(job, hint, (more) => void Object.assign(fields, more));
      const now = this.deps.clock.now();
      if (outcome === "finished") await this.deps.db.write([finish(job)]);
      else if (outcome !== "stored") {
        await this.deps.db.write([reschedule(job, outcome.runAt, now)]);
        this.wake(outcome.runAt);
      }
      this.deps.log.write("info", "job", {
        ...fields,
        ms: now - started,
        outcome: typeof outcome === "string" ? outcome : "again",
      });
    } catch (error) {
      await this.#failed(job, error, { ...fields, ms: this.deps.clock.now() - started });
    }
  }

  async #failed(job: Job, error: unknown, fields: Record<string, unknown>): Promise<void> {
    const dead = job.attempts >= MOST_RUNS;
    const now = this.deps.clock.now();
    const runAt = now + backoff(job.kind, job.attempts) * this.deps.scale;
    const message = errorText(error);
    this.deps.log.write(dead ? "alert" : "warn", dead ? "job_dead" : "job_failed", { ...fields, error: message });
    try {
      await this.deps.db.write([release(job, runAt, now, message, dead)]);
      this.wake(runAt);
    } catch {
      // the store is away: the lease runs out and the sweep takes the job again
    }
  }
}

const ownedBy = (merchantId: string, jobs: readonly Job[]): number =>
  jobs.filter((job) => (job.merchantId ?? "") === merchantId).length;

/** Whether jobs have ended meanwhile that counted when the claim was made. */
function freed(
  before: ReadonlyMap<string, number>,
  taken: readonly Job[],
  now: ReadonlyMap<string, number>,
): boolean {
  const lanes = new Set([...before.keys(), ...taken.map(({ merchantId }) => merchantId ?? "")]);
  return [...lanes].some((lane) => (now.get(lane) ?? 0) < (before.get(lane) ?? 0) + ownedBy(lane, taken));
}
