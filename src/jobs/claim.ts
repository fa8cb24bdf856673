import type { Query } from "../db/query.ts";
import type { Job, JobKind } from "../context/jobs.ts";

/** The kinds of the background pool: they deliver events. All others move or settle money. The indexes name the same kinds. */
const BACKGROUND = "kind IN ('event', 'deliveries')";

/** What a claim takes jobs for: a pool, the room it has, and the jobs it holds already. */
export interface ClaimRequest {
  readonly pool: "money" | "background";
  readonly room: number;
  /** The most jobs of one merchant that the pool may hold, and how many of each it holds now. */
  readonly maxPerMerchant: number;
  readonly heldByMerchant: ReadonlyMap<string, number>;
  /** More jobs are due than the pool has room for, so that the merchants take turns. */
  readonly isCrowded: boolean;
}

const due = (which: ClaimRequest["pool"]): string =>
  `status = 'queued' AND (${BACKGROUND}) = ${which === "money" ? 0 : 1}`;

/**
 * A lane holds the jobs of one merchant, `place` is the position of a job in its lane. Arguments: ?1 lease, ?2 its end,
 * ?3 now, ?4 room, ?5 most jobs of a merchant, ?6 held jobs by merchant (JSON).
 */
const claim = (candidates: string): string =>
  `UPDATE jobs SET lease = ?1, run_at = ?2, attempts = attempts + 1, updated_at = ?3, version = version + 1 WHERE id IN (` +
  `SELECT id FROM (${candidates}) WHERE place <= ?5 - coalesce((SELECT value FROM json_each(?6) WHERE key = lane), 0) ` +
  `ORDER BY place, run_at LIMIT ?4) RETURNING id, kind, subject_id, merchant_id, attempts`;

const PLACE = "row_number() OVER (PARTITION BY lane ORDER BY run_at) AS place";
const LANE = "coalesce(merchant_id, '')";

/** The oldest due jobs. */
const oldest = (which: ClaimRequest["pool"]): string =>
  `SELECT id, lane, run_at, ${PLACE} FROM (` +
  `SELECT id, ${LANE} AS lane, run_at FROM jobs WHERE ${due(which)} AND run_at <= ?3 ORDER BY run_at LIMIT ?4)`;

/**
 * The first due job of each merchant, then the second of each. The query goes from merchant to merchant with one index
 * seek each, so that ten thousand jobs of one merchant cost no more than one job.
 */
const roundRobin = (which: ClaimRequest["pool"]): string =>
  `WITH RECURSIVE lanes (lane, due) AS (` +
  `SELECT * FROM (SELECT ${LANE}, run_at FROM jobs WHERE ${due(which)} ORDER BY ${LANE}, run_at LIMIT 1) ` +
  `UNION ALL SELECT coalesce(next.merchant_id, ''), next.run_at FROM lanes JOIN jobs AS next ON next.id = ` +
  `(SELECT id FROM jobs WHERE ${due(which)} AND ${LANE} > lanes.lane ORDER BY ${LANE}, run_at LIMIT 1)) ` +
  `SELECT own.id, lane, own.run_at, row_number() OVER (PARTITION BY lane ORDER BY own.run_at) AS place ` +
  `FROM lanes JOIN jobs AS own ON own.id IN (SELECT id FROM jobs WHERE ${due(which)} AND ${LANE} = lanes.lane ` +
  `AND run_at <= ?3 ORDER BY run_at LIMIT ?4) WHERE lanes.due <= ?3`;

const sql = {
  money: { oldest: claim(oldest("money")), byTurns: claim(roundRobin("money")) },
  background: { oldest: claim(oldest("background")), byTurns: claim(roundRobin("background")) },
} as const;

/** Leases due jobs until `leaseUntil` (ms): the oldest first, or one merchant after the other where the pool is crowded. */
export function claimDue(wanted: ClaimRequest, now: number, leaseUntil: number, lease: string): Query<Job> {
  const held = JSON.stringify(Object.fromEntries(wanted.heldByMerchant));
  return {
    sql: sql[wanted.pool][wanted.isCrowded ? "byTurns" : "oldest"],
    args: [lease, leaseUntil, now, wanted.room, wanted.maxPerMerchant, held],
    map: ([id, kind, subject, merchant, attempts]) => ({
      id: String(id),
      kind: String(kind) as JobKind, // only kinds of this union are stored
      subjectId: String(subject),
      merchantId: merchant === null || merchant === undefined ? null : String(merchant),
      attempts: Number(attempts),
      lease,
      leaseUntil,
    }),
  };
}

/** When (ms) the next queued job is due; null: there is none. */
export const selectNextDueAt: Query<number | null> = {
  sql: `SELECT min(at) FROM (SELECT min(run_at) AS at FROM jobs WHERE ${due("money")} ` +
    `UNION ALL SELECT min(run_at) FROM jobs WHERE ${due("background")})`,
  args: [],
  map: ([at]) => (at === null || at === undefined ? null : Number(at)),
};
