import type { Query } from "../db/query.ts";
import type { Job, JobKind } from "../context/jobs.ts";

/** Kinds of jobs that tell others what has happened; the rest move money or settle it. The indexes spell the same list. */
const BACKGROUND = "kind IN ('event', 'deliveries')";

/** What is claimed for: one of the pools, with its room and what it holds already. */
export interface Wanted {
  readonly which: "money" | "background";
  readonly room: number;
  /** Most jobs of one merchant at once, and how many each has now. */
  readonly share: number;
  readonly held: ReadonlyMap<string, number>;
  /** More is due than there is room for: merchants take turns. */
  readonly crowded: boolean;
}

const due = (which: Wanted["which"]): string => `status = 'queued' AND (${BACKGROUND}) = ${which === "money" ? 0 : 1}`;

/** ?1 lease, ?2 its end, ?3 now, ?4 room, ?5 share, ?6 held (JSON). */
const claim = (candidates: string): string =>
  `UPDATE jobs SET lease = ?1, run_at = ?2, attempts = attempts + 1, updated_at = ?3 WHERE id IN (` +
  `SELECT id FROM (${candidates}) WHERE place <= ?5 - coalesce((SELECT value FROM json_each(?6) WHERE key = lane), 0) ` +
  `ORDER BY place, run_at LIMIT ?4) RETURNING id, kind, subject_id, merchant_id, attempts`;

const PLACE = "row_number() OVER (PARTITION BY lane ORDER BY run_at) AS place";
const LANE = "coalesce(merchant_id, '')";

/** The oldest that are due. */
const oldest = (which: Wanted["which"]): string =>
  `SELECT id, lane, run_at, ${PLACE} FROM (` +
  `SELECT id, ${LANE} AS lane, run_at FROM jobs WHERE ${due(which)} AND run_at <= ?3 ORDER BY run_at LIMIT ?4)`;

/**
 * The first of each merchant, then the second of each: walks from merchant to merchant by one seek each, so that ten
 * thousand jobs of one cost no more than one.
 */
const byTurns = (which: Wanted["which"]): string =>
  `WITH RECURSIVE lanes (lane, due) AS (` +
  `SELECT * FROM (SELECT ${LANE}, run_at FROM jobs WHERE ${due(which)} ORDER BY ${LANE}, run_at LIMIT 1) ` +
  `UNION ALL SELECT coalesce(next.merchant_id, ''), next.run_at FROM lanes JOIN jobs AS next ON next.id = ` +
  `(SELECT id FROM jobs WHERE ${due(which)} AND ${LANE} > lanes.lane ORDER BY ${LANE}, run_at LIMIT 1)) ` +
  `SELECT own.id, lane, own.run_at, row_number() OVER (PARTITION BY lane ORDER BY own.run_at) AS place ` +
  `FROM lanes JOIN jobs AS own ON own.id IN (SELECT id FROM jobs WHERE ${due(which)} AND ${LANE} = lanes.lane ` +
  `AND run_at <= ?3 ORDER BY run_at LIMIT ?4) WHERE lanes.due <= ?3`;

const sql = {
  money: { oldest: claim(oldest("money")), byTurns: claim(byTurns("money")) },
  background: { oldest: claim(oldest("background")), byTurns: claim(byTurns("background")) },
} as const;

/** Leases what is due at `now` (ms) until `leaseUntil`: oldest first, by turns of the merchants where it is crowded. */
export function claimDue(wanted: Wanted, now: number, leaseUntil: number, lease: string): Query<Job> {
  const held = JSON.stringify(Object.fromEntries(wanted.held));
  return {
    sql: sql[wanted.which][wanted.crowded ? "byTurns" : "oldest"],
    args: [lease, leaseUntil, now, wanted.room, wanted.share, held],
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

/** When the next queued job is due. */
export const nextDue: Query<number | null> = {
  sql: `SELECT min(at) FROM (SELECT min(run_at) AS at FROM jobs WHERE ${due("money")} ` +
    `UNION ALL SELECT min(run_at) FROM jobs WHERE ${due("background")})`,
  args: [],
  map: ([at]) => (at === null || at === undefined ? null : Number(at)),
};
