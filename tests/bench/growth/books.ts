import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import type { Value } from "../../../src/db/database.ts";
import { openDatabase } from "../../../src/db/open.ts";
import { grow } from "../grow.ts";
import { Ids } from "../grow/ids.ts";

/** Checkouts that can be asked for, spread over all that there are. */
export interface Sample {
  readonly ids: readonly string[];
  readonly references: readonly string[];
}

const SAMPLES = 2_000;
const QUIET_MS = 180_000;

/** The file with so many checkouts, made where it isn't there yet. */
export async function books(folder: string, checkouts: number): Promise<string> {
  const path = `${folder}/growth-${checkouts}.db`;
  const there = await Deno.stat(path).catch(() => null);
  if (there === null) {
    const making = `${path}.part`; // one that was cut off is good for nothing
    await Deno.remove(making).catch(() => {});
    await grow({ url: `file:${making}`, checkouts });
    await Deno.rename(making, path);
  }
  return path;
}

/** Copies a database file that nobody has open, and waits for the disk: what it still writes would be measured too. */
export async function copied(from: string, to: string): Promise<string> {
  await command("cp", "--reflink=auto", from, to);
  await command("sync", to);
  return `file:${to}`;
}

async function command(name: string, ...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(name, { args }).output();
  if (!success) throw new Error(`${name} ${args.join(" ")} failed.`);
}

async function ask(url: string, sql: string, ...args: Value[]): Promise<readonly (readonly Value[])[]> {
  const db = await openDatabase(url);
  try {
    const [result] = await db.read([{ sql, args }]);
    return result?.rows ?? [];
  } finally {
    await db.close();
  }
}

/** The demo merchant's checkouts at random times. */
export async function sampleOf(url: string): Promise<Sample> {
  const [[first, last] = []] = await ask(url, "SELECT min(created_at), max(created_at) FROM checkouts");
  const span = Number(last) - Number(first);
  const times = Array.from({ length: SAMPLES }, () => Number(first) + Math.floor(Math.random() * span));
  const froms = JSON.stringify(times.map((ms) => new Ids().at("chk", ms)));
  const found = await ask(
    url,
    "SELECT id, reference FROM checkouts WHERE id IN (SELECT (SELECT min(id) FROM checkouts " +
      "WHERE merchant_id = ? AND id >= value) FROM json_each(?))",
    DEMO_MERCHANT,
    froms,
  );
  return { ids: found.map(([id]) => String(id)), references: found.map(([, reference]) => String(reference)) };
}

/** Waits until what a start begins by itself, last night's check and the removal of what is old, is done. */
export async function quiet(url: string): Promise<void> {
  const deadline = Date.now() + QUIET_MS;
  do {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const [[busy] = []] = await ask(url, "SELECT count(*) FROM jobs WHERE kind IN ('retention', 'ledger_check')");
    if (busy === 0) return;
  } while (Date.now() < deadline);
  throw new Error("The nightly work does not end.");
}

/** What a round has left half done must not come up in the next: nothing is asked about it any more. */
export async function forget(url: string): Promise<void> {
  const db = await openDatabase(url);
  await db.write([{ sql: "DELETE FROM jobs WHERE kind = 'checkout'", args: [] }]).finally(() => db.close());
}
