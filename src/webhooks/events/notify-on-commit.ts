import type { Database } from "../../db/database.ts";
import { eventsToDeliver } from "../../db/trail.ts";

/**
 * Wraps a database so that `notify` is called after each commit with the ids of the batch's events that an enabled
 * endpoint may receive. A lost call loses nothing: the batch also stores a job for each of these events.
 */
export const notifyOnCommit = (db: Database, notify: (eventIds: readonly string[]) => void): Database => ({
  read: (statements) => db.read(statements),
  async write(statements) {
    const results = await db.write(statements);
    const eventIds = eventsToDeliver(statements, results);
    if (eventIds.length > 0) notify(eventIds);
    return results;
  },
  close: () => db.close(),
});
