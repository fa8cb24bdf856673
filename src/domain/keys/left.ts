import type { Config } from "../../config/config.ts";
import type { Database } from "../../db/database.ts";
import { type Query, rows, select, statement } from "../../db/query.ts";
import { keyWork, type RingName } from "../../db/schema.ts";
import { activeIn, knownKeys } from "./known-keys.ts";
import { countSealedByOthers, nameOf, SEALED } from "./places.ts";
import { placesOf } from "./remake.ts";

/** What still needs an old key, and how many of it. */
export interface Left {
  readonly what: string;
  readonly count: number;
}

const count = (sql: string, ...args: (string | number)[]): Query<number> => ({
  ...statement(sql, ...args),
  scan: true,
  map: ([found]) => Number(found),
});

const selectWorkOf = select(keyWork, "WHERE key_print = ? AND ended_at IS NOT NULL");

/** What still needs the old keys of a ring, whose active key is active everywhere since `since` (ms). Empty: nothing does. */
export async function leftOf(
  db: Database,
  keys: Config["keys"],
  ring: RingName,
  since: number,
): Promise<readonly Left[]> {
  const active = activeIn(knownKeys(keys)[ring]);
  if (ring === "encryption") {
    const counts = await rows(db, ...SEALED.map((column) => countSealedByOthers(column, active?.id ?? "")));
    return some(SEALED.map((column, i) => ({ what: nameOf(column), count: counts[i]?.[0] ?? 0 })));
  }
  if (ring === "index") {
    const [ended] = await rows(db, selectWorkOf(active?.print ?? ""));
    const done = new Set(ended.map(({ place }) => place));
    return placesOf("index").filter((place) => !done.has(place)).map((what) => ({ what, count: 1 }));
  }
  const asked = ring === "signing" ? needSigning(active?.id ?? "") : needCallback(since);
  const counts = await rows(db, ...Object.values(asked));
  return some(Object.keys(asked).map((what, i) => ({ what, count: counts[i]?.[0] ?? 0 })));
}

const some = (left: readonly Left[]): readonly Left[] => left.filter(({ count }) => count > 0);

const needSigning = (kid: string) => ({
  "ends of audit chains": count("SELECT count(*) FROM audit_heads WHERE kid <> ?", kid),
});

/** What waits for a message at an address that was made before, or for a person who has such a link. */
const needCallback = (since: number) => ({
  "shortcodes whose C2B addresses were registered before": count(
    "SELECT count(*) FROM shortcodes WHERE urls_registered_at < ?",
    since,
  ),
  "prompts without an end": count(
    "SELECT count(*) FROM attempts WHERE status IN ('pending', 'unknown') AND created_at < ?1 AND created_at > ?1 - 2592000000",
    since,
  ),
  "open checkouts": count(
    "SELECT count(*) FROM checkouts WHERE status IN ('open', 'pending') AND created_at < ?",
    since,
  ),
  "payouts without an end": count(
    "SELECT count(*) FROM payouts WHERE status IN ('awaiting_approval', 'queued', 'submitted', 'in_doubt') AND created_at < ?",
    since,
  ),
  "refunds without an end": count(
    "SELECT count(*) FROM refunds WHERE status IN ('submitted', 'in_doubt') AND created_at < ?",
    since,
  ),
  "standing orders without an answer": count(
    "SELECT count(*) FROM standing_orders WHERE status = 'pending' AND created_at < ?",
    since,
  ),
});
