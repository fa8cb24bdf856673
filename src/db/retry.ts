import { ConstraintError, DatabaseUnavailable } from "./database.ts";

const MAX_TRIES = 16;
const PAUSES_MS = [100, 400, 1_500];

/** Whether a batch was undone because another one came first: it changed the row, or stored the same receipt. */
export const isConflict = (error: unknown): boolean =>
  error instanceof ConstraintError && (error.rule === "conflict" || error.rule.endsWith(".receipt"));

/**
 * Runs a step that reads, decides and writes, and runs it again when another batch changed the row in between: at most
 * 16 times, from the fifth on with a growing random pause. `isRetry` is false at the first run only.
 */
export async function retryOnConflict<T>(step: (isRetry: boolean) => Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await step(tries > 1);
    } catch (error) {
      if (!isConflict(error) || tries === MAX_TRIES) throw error;
      if (tries > 4) await pause(Math.random() * tries * 4);
    }
  }
}

/**
 * Runs a step that stores an answer of Daraja, and runs it again for two seconds while the database is unavailable:
 * Daraja does not repeat the answer. The step must check the row's version, so that a repeat changes nothing if the
 * first run was stored after all.
 */
export async function retryWhileUnavailable<T>(step: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      await pause(pauseMs);
    }
  }
  return await step();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
