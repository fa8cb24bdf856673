import type { Database } from "../../src/db/database.ts";

/** Pseudo-random numbers from 0 up to 1 (mulberry32); the same for a seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** Turns of the event loop, from none to `most`, before a step goes on. */
async function pause(random: () => number, most: number): Promise<void> {
  for (let left = Math.floor(random() * (most + 1)); left > 0; left--) await turn();
}

/** A database whose reads and writes each wait for a drawn number of turns, so that what runs at once interleaves by the seed. */
export const interleaving = (db: Database, random: () => number): Database => ({
  read: async (statements) => {
    await pause(random, 2);
    return await db.read(statements);
  },
  write: async (statements) => {
    await pause(random, 2);
    return await db.write(statements);
  },
  close: () => db.close(),
});

/** Starts every action at once, each after a drawn number of turns, and waits for all. The first error is thrown at the end. */
export async function race(random: () => number, actions: readonly (() => Promise<unknown>)[]): Promise<void> {
  const ended = await Promise.allSettled(actions.map(async (action) => {
    await pause(random, 12);
    await action();
  }));
  const failed = ended.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
