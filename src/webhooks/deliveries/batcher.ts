import type { Database } from "../../db/database.ts";
import { GroupQueue, GroupRefused } from "../../db/writer.ts";

const MEMBERS = 250;
const LINGER_MS = 20; // a commit costs far more than a statement

/** Writes small batches that stand alone: those that come while another is under way share the next write. */
export type Batcher = GroupQueue;

/**
 * A queue that gathers batches for {@link LINGER_MS} and stores each group by one write. If the write fails, each batch
 * is written again by itself, so that one bad batch does not fail the others. This is safe even if the first write was
 * stored after all: an outcome ends only a pending delivery, and a claim that nobody works on ends with its lease.
 */
export const createBatcher = (db: Database): Batcher =>
  new GroupQueue({
    soon: (drain) => void setTimeout(drain, LINGER_MS),
    members: MEMBERS,
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
