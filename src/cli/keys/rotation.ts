import type { Config } from "../../config/config.ts";
import { formatKeyring, type Keyring, newRingKey } from "../../crypto/keyring.ts";
import { formatSigningKeys, newSigningKey, type SigningKeys } from "../../crypto/signing.ts";
import type { Database } from "../../db/database.ts";
import { rows, statement } from "../../db/query.ts";
import type { KnownKey, RingName } from "../../db/schema.ts";
import { activeIn, knownKeys } from "../../domain/keys/known-keys.ts";
import { type Left, leftOf } from "../../domain/keys/left.ts";
import { placesOf } from "../../domain/keys/remake.ts";
import { GONE_MS, type KeyProcess, selectActive, selectRunning } from "../../domain/keys/report.ts";

export const SETTINGS: Readonly<Record<RingName, string>> = {
  encryption: "ENCRYPTION_KEYS",
  index: "INDEX_KEYS",
  signing: "SIGNING_KEYS",
  callback: "CALLBACK_SECRETS",
};

/** A token lives 10 minutes, and clocks may differ a little. */
const TOKEN_MS = 11 * 60_000;

export type StepName = "add" | "activate" | "remove";

/** The next step of a rotation: the setting to deploy, or why it may not be taken yet. */
export type NextStep =
  | { readonly step: StepName; readonly setting: string; readonly value: string; readonly next: string }
  | { readonly step: StepName; readonly refused: readonly string[] };

export interface Situation {
  readonly db: Database;
  /** The keys of the environment of the command: the same as the service's. */
  readonly keys: Config["keys"];
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * The next step of the rotation of a ring. Each step is a new value of one setting, which is deployed to every process
 * before the next step. A step is refused while a running process has not confirmed the one before.
 */
export async function nextStep({ db, keys, now }: Situation, ring: RingName): Promise<NextStep> {
  const [running, agreed] = await rows(db, selectRunning(now - GONE_MS), selectActive());
  const own = knownKeys(keys)[ring];
  const active = activeIn(own);
  const fresh = own.find(({ state }) => state === "verify");
  const old = own.filter(({ state }) => state === "retiring");
  if (fresh !== undefined) {
    const refused = running.filter(({ rings }) => !rings[ring].some(({ print }) => print === fresh.print))
      .map((process) => `${said(process, now)} does not know the key ${fresh.id}`);
    return refused.length > 0 ? { step: "activate", refused } : activated(keys, ring, fresh.id);
  }
  const others = running.filter(({ rings }) => activeIn(rings[ring])?.print !== active?.print)
    .map((process) =>
      `${said(process, now)} works with the key ${activeIn(process.rings[ring])?.id}, not ${active?.id}`
    );
  if (old.length === 0) return others.length > 0 ? { step: "add", refused: others } : await added(keys, ring, now);
  const since = agreed.find((one) => one.ring === ring && one.key_print === active?.print)?.since;
  if (others.length > 0) return { step: "remove", refused: others };
  if (since === undefined) {
    return { step: "remove", refused: ["no process has said that the new key is active everywhere; wait a minute"] };
  }
  const reasons = [
    ...(await leftOf(db, keys, ring, since)).map(({ what, count }) => `${what}: ${count} left`),
    ...(ring === "signing" && now - since < TOKEN_MS ? ["tokens of the old key live for 10 minutes; wait"] : []),
    ...(ring === "encryption" && old.some((key) => indexes(keys, key))
      ? ["INDEX_KEYS still uses it: rotate index first"]
      : []),
  ];
  if (reasons.length === 0) return removed(keys, ring);
  if (ring === "encryption") await lookAgain(db, placesOf(ring));
  return { step: "remove", refused: reasons };
}

const said = ({ process, seen_at }: KeyProcess, now: number): string =>
  `process ${process.slice(0, 8)} (seen ${Math.max(0, Math.round((now - seen_at) / 1000))} s ago)`;

/** Whether the blind index is made with a key of the encryption ring. */
const indexes = (keys: Config["keys"], { print }: KnownKey): boolean =>
  knownKeys(keys).index.some((key) => key.print === print);

/** What was left behind is looked for again: a process may have written an old value over a new one. */
async function lookAgain(db: Database, places: readonly string[]): Promise<void> {
  await db.write(
    places.map((place) => statement("DELETE FROM key_work WHERE place = ? AND ended_at IS NOT NULL", place)),
  );
}

const NEXT: Readonly<Record<StepName, string>> = {
  add: "Deploy it to every process, then run this command with it: the new key becomes active.",
  activate:
    "Deploy it to every process. A job makes old values again; then run this command with it to remove the old key.",
  remove: "Deploy it to every process. The rotation is over.",
};

const done = (step: StepName, ring: RingName, value: string): NextStep => ({
  step,
  setting: SETTINGS[ring],
  value,
  next: NEXT[step],
});

async function added(keys: Config["keys"], ring: RingName, now: number): Promise<NextStep> {
  const day = new Date(now).toISOString().slice(0, 10);
  const taken = knownKeys(keys)[ring].map(({ id }) => id);
  const id = taken.includes(day) ? `${day}-${taken.length}` : day;
  if (ring === "signing") {
    const all = [{ ...await newSigningKey(id), isNew: true as const }, ...keys.signing] as const;
    return done("add", ring, formatSigningKeys(all));
  }
  return done("add", ring, formatKeyring([{ ...newRingKey(id), isNew: true }, ...keys[ring]]));
}

function activated(keys: Config["keys"], ring: RingName, id: string): NextStep {
  if (ring === "signing") {
    const all = keys.signing.map(({ isNew, ...key }) => isNew === true && key.kid !== id ? { ...key, isNew } : key);
    return done("activate", ring, formatSigningKeys(all as unknown as SigningKeys)); // as many keys as before
  }
  const all = keys[ring].map(({ isNew, ...key }) => isNew === true && key.id !== id ? { ...key, isNew } : key);
  return done("activate", ring, formatKeyring(all as unknown as Keyring)); // as many keys as before
}

function removed(keys: Config["keys"], ring: RingName): NextStep {
  if (ring === "signing") return done("remove", ring, formatSigningKeys([keys.signing[0]]));
  return done("remove", ring, formatKeyring([keys[ring][0]]));
}

/** One line for each key of each ring: its state here, which processes know it, and how many values it has sealed. */
export async function keyTable({ db, keys, now }: Situation): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const [running, agreed, seals] = await rows(db, selectRunning(now - GONE_MS), selectActive(), {
    sql: "SELECT key_id, seals FROM key_seals",
    args: [],
    map: ([id, count]) => ({ id: String(id), count: Number(count) }),
  });
  const own = knownKeys(keys);
  const table = Object.keys(SETTINGS).map(async (name) => {
    const ring = name as RingName; // the keys are exactly these
    const since = agreed.find((one) => one.ring === ring)?.since;
    const left: readonly Left[] = own[ring].length === 1 ? [] : await leftOf(db, keys, ring, since ?? now);
    return own[ring].map(({ id, print, state }) => ({
      ring,
      key: id,
      state,
      known_by: `${
        running.filter(({ rings }) => rings[ring].some((key) => key.print === print)).length
      } of ${running.length}`,
      sealed: ring === "encryption" ? seals.find((one) => one.id === id)?.count ?? 0 : null,
      left: state === "retiring" ? left.reduce((sum, { count }) => sum + count, 0) : null,
    }));
  });
  return (await Promise.all(table)).flat();
}
