import type { Database } from "../../db/database.ts";
import { GroupQueue, GroupRefused } from "../../db/writer.ts";

const MAX_BATCHES = 250;
const LINGER_MS = 20; // a short wait saves commits, and a commit costs far more than a statement

/** Writes small independent batches together: those that arrive during a write share the next one. */
export type Batcher = GroupQueue;

/**
 * Creates a queue that collects batches for {@link LINGER_MS} and stores each group with one write. If the write fails,
 * each batch is written again alone, so that one bad batch does not fail the others. This is safe even if the first write
 * was stored: a result ends only a pending delivery, and a claim without a worker ends with its lease.
 */
export const createBatcher = (db: Database): Batcher =>
  new GroupQueue({
    soon: (drain) => void setTimeout(drain, LINGER_MS),
    members: MAX_BATCHES,
    statements: Infinity,
    waiting: Infinity,
    commit: async (group) => {
      try {
        const results = [...await db.write(group.flat())];
        return group.map((statements) => results.splice(0, statements.length));
      } catch (error) {
        throw new GroupRefused(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
