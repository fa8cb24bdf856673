import { ConstraintError, DatabaseUnavailable } from "./database.ts";

const TRIES = 16;
const SOON_MS = [100, 400, 1_500];

/** Whether a batch was undone because someone else was first: the row has moved on, or another brought the receipt. */
export const isLost = (error: unknown): boolean =>
  error instanceof ConstraintError && (error.rule === "conflict" || error.rule.endsWith(".receipt"));

/** Runs a read-decide-write step again when someone else wrote in between; after a few times with a growing pause. */
export async function untilStored<T>(step: (again: boolean) => Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await step(tries > 1);
    } catch (error) {
      if (!isLost(error) || tries === TRIES) throw error;
      if (tries > 4) await pause(Math.random() * tries * 4);
    }
  }
}

/**
 * Keeps at a step whose loss would lose what Daraja has told us, for two seconds: it is guarded by the version, so a
 * repeat of what was stored after all changes nothing.
 */
export async function insisting<T>(step: () => Promise<T>): Promise<T> {
  for (const ms of SOON_MS) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      await pause(ms);
    }
  }
  return await step();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
