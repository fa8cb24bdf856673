import type { Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { insert, type Query, rows, select, statement } from "../../db/query.ts";
import { keyProcesses, keyRings, keySeals, type RingName } from "../../db/schema.ts";
import { activeIn, knownKeys, RINGS } from "./known-keys.ts";

/** A process that has said nothing for so long is gone. It says what it knows once a minute. */
export const GONE_MS = 3 * 60_000;

export type KeyProcess = typeof keyProcesses.$inferSelect;
export type ActiveKey = typeof keyRings.$inferSelect;

export const selectRunning: (since: number) => Query<KeyProcess> = select(
  keyProcesses,
  "WHERE seen_at >= ? ORDER BY process",
);
export const selectActive: () => Query<ActiveKey> = select(keyRings, "WHERE ring > '' ORDER BY ring");
const sayKnown = insert(
  keyProcesses,
  "ON CONFLICT (process) DO UPDATE SET rings = excluded.rings, seen_at = excluded.seen_at",
);
const countSeals = insert(keySeals, "ON CONFLICT (key_id) DO UPDATE SET seals = seals + excluded.seals");
const setActive = insert(
  keyRings,
  "ON CONFLICT (ring) DO UPDATE SET since = CASE key_print WHEN excluded.key_print THEN since ELSE excluded.since END, " +
    "key_print = excluded.key_print",
);

/**
 * The sweep calls this. It says which keys this process knows, counts what it sealed, and stores which key is active in
 * all processes that run. Then it schedules the job that makes old values again, where a ring has an old key.
 */
export async function reportKeys(services: Services): Promise<void> {
  const { db, clock, config, vault, sweepState } = services;
  const now = clock.now();
  const rings = knownKeys(config.keys);
  const counts = vault.takeSealCounts();
  await db.write([
    sayKnown({ process: sweepState.process, rings, seen_at: now }),
    statement("DELETE FROM key_processes WHERE seen_at < ?", now - GONE_MS),
    ...[...counts].filter(([, seals]) => seals > 0).map(([key_id, seals]) => countSeals({ key_id, seals })),
  ]);
  const [running] = await rows(db, selectRunning(now - GONE_MS));
  await db.write(RINGS.map((ring) => agreement(ring, running, now)));
  const hasOld = [rings.encryption, rings.index].some((keys) => keys.some(({ state }) => state === "retiring"));
  if (!hasOld) return;
  await db.write([services.jobs.schedule("keys", "all", null, now)]);
  services.jobs.wake(now);
}

function agreement(ring: RingName, running: readonly KeyProcess[], now: number): Statement {
  const active = new Set(running.map(({ rings }) => activeIn(rings[ring])?.print));
  const [print] = active;
  return active.size === 1 && print !== undefined
    ? setActive({ ring, key_print: print, since: now })
    : statement("DELETE FROM key_rings WHERE ring = ?", ring);
}

/** The process ends: nobody has to wait for it. */
export async function forgetProcess({ db, sweepState }: Pick<Services, "db" | "sweepState">): Promise<void> {
  await db.write([statement("DELETE FROM key_processes WHERE process = ?", sweepState.process)]);
}
