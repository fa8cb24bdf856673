// @ts-types="../../../src/db/libsql-addon.d.ts"
import Libsql from "libsql";
import type { Random } from "../random.ts";
import type { Stage } from "../stage.ts";
import { sleep } from "../tally.ts";
import type { Life } from "./life.ts";

/** So many jobs give up in the first refusal of each run; it ends after `REFUSES_MOST_MS` whatever they do. */
const DEAD_JOBS = 3;
const REFUSES_MOST_MS = 90_000;

type Trouble = (stage: Stage, life: Life, draws: Random) => Promise<void>;

/** Troubles the stores, one after another, while `going`; leaves them whole. */
export async function troubleStores(stage: Stage, life: Life, going: () => boolean): Promise<void> {
  const draws = stage.random.fork("stores");
  const server: (readonly [number, Trouble])[] = [[4, killServer], [4, pauseServer]];
  const file: (readonly [number, Trouble])[] = [[8, lockDatabase]];
  const troubles = [...(stage.sqld === null ? file : server), [4, lockKv] as const, [4, refuseWrites] as const];
  await sleep(draws.int(200, 600));
  await refuseUntilJobsGiveUp(stage, life, draws.int(5_500, 7_000));
  while (going()) {
    await sleep(draws.int(100, 1_500));
    if (going()) await draws.weighted(troubles)(stage, life, draws);
  }
}

const lockDatabase: Trouble = async (stage, _life, draws) => {
  stage.faults.add("database_locked");
  const long = draws.chance(0.1); // longer than a write waits
  await lock(`${stage.folder}/malipo.db`, long ? draws.int(5_200, 6_500) : draws.int(50, 1_500));
};

const lockKv: Trouble = async (stage, _life, draws) => {
  const path = stage.env.KV_PATH ?? "";
  if (!await Deno.stat(path).then(() => true, () => false)) return;
  stage.faults.add("kv_locked");
  await lock(path, draws.int(100, 1_500));
};

/** Holds the write lock of a file, as another process would. */
async function lock(path: string, forMs: number): Promise<void> {
  const db = new Libsql(path, { timeout: 50 });
  try {
    for (let tries = 0; tries < 20 && !db.inTransaction; tries++) {
      try {
        db.exec("BEGIN IMMEDIATE");
      } catch {
        await sleep(10); // the API writes
      }
    }
    await sleep(forMs);
    if (db.inTransaction) db.exec("ROLLBACK");
  } finally {
    db.close();
  }
}

const refuseWrites: Trouble = async (stage, life, draws) => {
  if (draws.chance(0.3)) await refuse(stage, life, "payments", draws.int(3_500, 6_000));
  else await refuse(stage, life, draws.pick(["payments", "audit", "events"]), draws.int(200, 1_200));
};

async function refuse(stage: Stage, life: Life, table: string, forMs: number): Promise<void> {
  stage.faults.add("writes_refused");
  await life.refuse(table, Date.now() + forMs);
}

/** Has payments take nothing for `leastMs`, and until some jobs have failed so often that they are dead letters. */
async function refuseUntilJobsGiveUp(stage: Stage, life: Life, leastMs: number): Promise<void> {
  const began = Date.now();
  await refuse(stage, life, "payments", REFUSES_MOST_MS);
  const dead = () => stage.lines.filter((line) => line.includes('"event":"job_dead"')).length;
  const passed = () => Date.now() - began;
  while (passed() < leastMs || dead() < DEAD_JOBS && passed() < REFUSES_MOST_MS) await sleep(100);
  await life.refuse("payments", Date.now());
}

const killServer: Trouble = async (stage, _life, draws) => {
  stage.faults.add("database_killed");
  await stage.sqld?.kill();
  await sleep(draws.int(50, 600));
  await stage.sqld?.restart();
};

const pauseServer: Trouble = async (stage, _life, draws) => {
  stage.faults.add("database_paused");
  stage.sqld?.signal("SIGSTOP");
  await sleep(draws.int(100, 1_500));
  stage.sqld?.signal("SIGCONT");
};
