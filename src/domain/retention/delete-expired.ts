import type { Services } from "../../context/context.ts";
import { idAt, type IdPrefix } from "../../crypto/ids.ts";
import type { Database, Value } from "../../db/database.ts";
import { statement } from "../../db/query.ts";

/** The most rows that one commit deletes. It is small, so that settlements wait only briefly behind it. */
const BATCH_SIZE = 200;
const SESSIONS_MS = 30 * 86_400_000;
const TRACE_CONTEXTS_MS = 3 * 86_400_000;

/** Deletes up to ?1 rows of one table that are older than a time. Records of money have no rule, so they are kept. */
interface RetentionRule {
  readonly what: string;
  readonly sql: string;
  readonly args: (services: Services, now: number) => readonly Value[];
}

const deleteSql = (table: string, key: string, where: string): string =>
  `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key.replace(/^\(|\)$/g, "")} FROM ${table} WHERE ${where} LIMIT ?1)`;

const retentionRules: readonly RetentionRule[] = [
  {
    what: "idempotency_keys",
    sql: deleteSql("idempotency_keys", "(merchant_id, key)", "created_at < ?2 ORDER BY created_at"),
    args: ({ config }, now) => [now - config.retention.idempotencyKeysMs],
  },
  {
    what: "counters",
    sql: deleteSql("counters", "name", "expires_at < ?2 ORDER BY expires_at"),
    args: (_, now) => [now],
  },
  {
    what: "deliveries",
    sql: deleteSql("deliveries", "(endpoint_id, id)", "ended_at < ?2 ORDER BY ended_at"),
    args: ({ config }, now) => [now - config.retention.deliveriesMs],
  },
  {
    what: "events",
    sql: deleteSql(
      "events",
      "id",
      "id < ?2 AND created_at < ?3 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id) " +
        "AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'event' AND subject_id = events.id) ORDER BY id",
    ),
    args: ({ config }, now) => ageArgs("evt", now - config.retention.eventsMs),
  },
  {
    // A notice that was not processed, or that needs a person, is kept.
    what: "notices",
    sql: deleteSql("notices", "id", "id < ?2 AND received_at < ?3 AND status = 'applied' ORDER BY id"),
    args: ({ config }, now) => ageArgs("ntc", now - config.retention.noticesMs),
  },
  {
    // A dead job that settles money is kept until a person handles it.
    what: "jobs",
    sql: deleteSql("jobs", "id", "status = 'dead' AND kind IN ('event', 'deliveries') AND updated_at < ?2 ORDER BY id"),
    args: ({ config }, now) => [now - config.retention.deadJobsMs],
  },
  {
    // Callbacks and jobs of a payment come within hours; a trace in a collector is rarely kept longer.
    what: "trace_contexts",
    sql: deleteSql("trace_contexts", "subject_id", "created_at < ?2 ORDER BY created_at"),
    args: (_, now) => [now - TRACE_CONTEXTS_MS],
  },
  {
    what: "sign_in_links",
    sql: deleteSql("sign_in_links", "token_hash", "expires_at < ?2 ORDER BY expires_at"),
    args: (_, now) => [now],
  },
  {
    // The audit trail keeps when each began; its address and browser are of use while somebody asks about them.
    what: "sessions",
    sql: deleteSql("sessions", "id", "expires_at < ?2 ORDER BY expires_at"),
    args: (_, now) => [now - SESSIONS_MS],
  },
  {
    what: "used_challenges",
    sql: deleteSql("used_challenges", "hash", "expires_at < ?2 ORDER BY expires_at"),
    args: (_, now) => [now],
  },
];

const ageArgs = (prefix: IdPrefix, ms: number): Value[] => [idAt(prefix, ms), ms];

/** Deletes one batch of each kind. Returns how many rows of each were deleted, and whether none are left. */
export async function deleteExpiredRows(
  services: Services,
): Promise<{ readonly removed: Readonly<Record<string, number>>; readonly done: boolean }> {
  const removed: Record<string, number> = {};
  for (const rule of retentionRules) removed[rule.what] = await deleteBatch(services.db, rule, services);
  return { removed, done: Object.values(removed).every((count) => count < BATCH_SIZE) };
}

async function deleteBatch(db: Database, rule: RetentionRule, services: Services): Promise<number> {
  const [result] = await db.write([statement(rule.sql, BATCH_SIZE, ...rule.args(services, services.clock.now()))]);
  return result?.changes ?? 0;
}
