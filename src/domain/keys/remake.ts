import type { Fields, Services } from "../../context/context.ts";
import type { Job, JobOutcome } from "../../context/jobs.ts";
import { VaultError } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, rows, select, statement } from "../../db/query.ts";
import { keyWork, type RingName } from "../../db/schema.ts";
import { INDEXED, type IndexedColumn } from "./indexed.ts";
import { activeIn, knownKeys } from "./known-keys.ts";
import { nameOf, placeOf, SEALED, sealedByOthers, type SealedColumn } from "./places.ts";
import { selectActive } from "./report.ts";

const BATCH = 100;
/** No batch begins later in a run (ms): with the longest read (50 s) it is over before the lease of 60 s. */
const MAX_RUN_MS = 5_000;

export type Work = typeof keyWork.$inferSelect;

const selectWork = select(keyWork, "WHERE place = ?");
const storeWork = insert(
  keyWork,
  "ON CONFLICT (place) DO UPDATE SET key_print = excluded.key_print, after_row = excluded.after_row, " +
    "changed = excluded.changed, lost = excluded.lost, ended_at = excluded.ended_at",
);

/** One batch of a place: what it changes, and where the next one begins; null where there is no more. */
interface Step {
  readonly statements: readonly Statement[];
  readonly next: string | null;
  readonly lost: number;
}

interface Place {
  readonly name: string;
  readonly ring: RingName;
  step(services: Services, after: string): Promise<Step>;
}

/** The places of a ring, by the name that their work has. */
export const placesOf = (ring: RingName): readonly string[] =>
  PLACES.filter((place) => place.ring === ring).map(({ name }) => name);

const PLACES: readonly Place[] = [
  ...SEALED.map((column): Place => ({
    name: nameOf(column),
    ring: "encryption",
    step: (services, after) => sealAgain(services, column, after),
  })),
  ...INDEXED.map((column): Place => ({
    name: nameOf(column),
    ring: "index",
    step: (services, after) => indexAgain(services, column, after),
  })),
];

async function sealAgain(services: Services, column: SealedColumn, after: string): Promise<Step> {
  const { db, vault } = services;
  const [found] = await rows(db, sealedByOthers(column, vault, after, BATCH));
  const statements = await Promise.all(found.map(async ({ row, value }) => {
    const plain = await openAnywhere(services, column, row, value);
    const sealed = plain === null ? null : await vault.seal(plain, placeOf(column, row));
    const { table, column: name, key } = column;
    return statement(`UPDATE ${table} SET ${name} = ? WHERE ${key} = ? AND ${name} = ?`, sealed, row, value);
  }));
  return { statements, next: found.length < BATCH ? null : found.at(-1)?.row ?? null, lost: 0 };
}

/**
 * The payer's data of a payment that was merged into another one is sealed for the row that is gone (ADR 0017). Null: it
 * is of neither row, so nobody can read it any more.
 */
async function openAnywhere(
  { db, vault }: Services,
  column: SealedColumn,
  row: string,
  value: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    return await vault.open(value, placeOf(column, row));
  } catch (error) {
    if (column.table !== "payments" || !(error instanceof VaultError) || error.code !== "tampered") throw error;
  }
  const [merged] = await rows(db, {
    ...statement("SELECT id FROM merged_payments WHERE into_id = ? LIMIT 20", row),
    map: ([id]) => String(id),
  });
  for (const id of merged) {
    const plain = await vault.open(value, placeOf(column, id)).catch(() => null);
    if (plain !== null) return plain;
  }
  return null;
}

async function indexAgain(services: Services, column: IndexedColumn, after: string): Promise<Step> {
  const [found] = await rows(services.db, column.select(after, BATCH));
  const made = await Promise.all(found.map((row) => column.remake(services, row)));
  const statements = found.flatMap((row, i) => {
    const index = made[i] ?? null;
    return index === null || index.toHex() === row.index.toHex() ? [] : [column.store(row, index)];
  });
  const lost = made.filter((index) => index === null).length;
  return { statements, next: found.length < BATCH ? null : found.at(-1)?.id ?? null, lost };
}

/**
 * The job: makes values again that an old key has sealed or indexed, once the new key is active in every process that
 * runs. What it did is stored with each batch, so a run that dies loses one batch.
 */
export async function runKeysJob(services: Services, _job: Job, note: (fields: Fields) => void): Promise<JobOutcome> {
  const { db, clock, config } = services;
  const until = clock.now() + MAX_RUN_MS;
  const [agreed] = await rows(db, selectActive());
  const own = knownKeys(config.keys);
  let changed = 0;
  for (const place of PLACES) {
    const print = activeIn(own[place.ring])?.print ?? "";
    const isAgreed = agreed.some((active) => active.ring === place.ring && active.key_print === print);
    const hasOld = own[place.ring].some(({ state }) => state === "retiring");
    if (!isAgreed || !hasOld) continue;
    const before = await first(db, selectWork(place.name));
    let work: Work = before?.key_print === print
      ? before
      : { place: place.name, key_print: print, after_row: "", changed: 0, lost: 0, ended_at: null };
    while (work.ended_at === null) {
      if (clock.now() >= until) return { runAt: clock.now() };
      const { statements, next, lost } = await place.step(services, work.after_row);
      changed += statements.length;
      work = {
        ...work,
        after_row: next ?? work.after_row,
        changed: work.changed + statements.length,
        lost: work.lost + lost,
        ended_at: next === null ? clock.now() : null,
      };
      await db.write([...statements, storeWork(work)]);
    }
  }
  note({ changed });
  return "finished";
}
