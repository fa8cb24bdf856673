import type { Job } from "../context/jobs.ts";
import type { Database } from "../db/database.ts";
import type { Clock } from "../platform/ports.ts";
import type { Log } from "../telemetry/log.ts";
import { claimDue, type ClaimRequest } from "./claim.ts";
import type { Pool } from "./pool.ts";

const LEASE_MS = 60_000;
/**
 * The part of a pool that the jobs of one merchant may take. The rest stays free, so that the slow calls of one merchant
 * never hold up the jobs of the others.
 */
const MAX_SHARE = 0.75;

export type PoolName = ClaimRequest["pool"];

export interface ClaimerDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly pools: Readonly<Record<PoolName, Pool>>;
  /** Called with jobs that were claimed while the queue was stopped: they are given back. */
  readonly giveBack: (jobs: readonly Job[]) => Promise<void>;
  readonly isStopped: () => boolean;
}

/** Leases due jobs for the pools. One claim runs at a time. */
export class Claimer {
  #current: Promise<void> | null = null;
  #claimAgain = false;
  /** More jobs were due than a pool could take. Until that has passed, the merchants take turns. */
  readonly #isCrowded: Record<PoolName, boolean> = { money: false, background: false };

  /** `claimNow` is called after a claim when another one was asked for in the meantime. */
  constructor(readonly deps: ClaimerDeps, readonly claimNow: () => void) {}

  /** The claim that runs now, or null. */
  get current(): Promise<void> | null {
    return this.#current;
  }

  isCrowded(pool: PoolName): boolean {
    return this.#isCrowded[pool];
  }

  /** Claims what is due, as far as the pools have room; after the claim that runs now, if there is one. */
  claim(): void {
    if (this.#current !== null) {
      this.#claimAgain = true;
      return;
    }
    this.#current = this.#claimDue()
      .catch((error: unknown) => this.deps.log.write("warn", "claim_failed", { error: String(error) }))
      .finally(() => {
        this.#current = null;
        if (this.#claimAgain) {
          this.#claimAgain = false;
          this.claimNow();
        }
      });
  }

  /** A pool without room asks for a claim by its `onEnd` when one of its jobs has ended. */
  async #claimDue(): Promise<void> {
    const { db, clock } = this.deps;
    const now = clock.now();
    const lease = crypto.randomUUID(); // one for each claim, so that a run is also told from a later one of this process
    const requests = (["money", "background"] as const).map((pool) => this.#request(pool))
      .filter(({ room }) => room > 0);
    if (requests.length === 0) return;
    const queries = requests.map((request) => claimDue(request, now, now + LEASE_MS, lease));
    const results = await db.write(queries);
    for (const [i, request] of requests.entries()) {
      const claimed = (results[i]?.rows ?? []).map((row) => queries[i]?.map(row) as Job); // a query for each result
      if (this.deps.isStopped()) await this.deps.giveBack(claimed);
      else this.#start(request, claimed);
    }
  }

  #request(name: PoolName): ClaimRequest {
    const pool = this.deps.pools[name];
    return {
      pool: name,
      room: pool.room(),
      maxPerMerchant: Math.ceil(pool.size * MAX_SHARE),
      heldByMerchant: pool.countByMerchant(),
      isCrowded: this.#isCrowded[name],
    };
  }

  #start({ pool: name, room, maxPerMerchant, heldByMerchant }: ClaimRequest, claimed: readonly Job[]): void {
    const pool = this.deps.pools[name];
    for (const job of claimed) pool.add({ job, hint: undefined });
    // The claim counted the jobs that were held when it was made. Some may have ended since, without starting a claim.
    const isLimited =
      [...heldByMerchant].some(([merchant, count]) => count + countOf(merchant, claimed) >= maxPerMerchant) ||
      [...pool.countByMerchant().values()].some((count) => count >= maxPerMerchant);
    this.#isCrowded[name] = claimed.length === room || isLimited;
    if (this.#isCrowded[name] && pool.room() > 0 && hasFreed(heldByMerchant, claimed, pool.countByMerchant())) {
      this.#claimAgain = true;
    }
  }
}

const countOf = (merchantId: string, jobs: readonly Job[]): number =>
  jobs.filter((job) => (job.merchantId ?? "") === merchantId).length;

/** Whether jobs that the claim counted have ended in the meantime. */
function hasFreed(
  before: ReadonlyMap<string, number>,
  claimed: readonly Job[],
  now: ReadonlyMap<string, number>,
): boolean {
  const merchants = new Set([...before.keys(), ...claimed.map(({ merchantId }) => merchantId ?? "")]);
  return [...merchants].some((id) => (now.get(id) ?? 0) < (before.get(id) ?? 0) + countOf(id, claimed));
}
