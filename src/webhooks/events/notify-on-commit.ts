import type { Database } from "../../db/database.ts";
import { eventsToDeliver } from "../../db/trail.ts";

/**
 * The database, which says of each batch it has stored what events are in it that an endpoint waits for. Nothing hangs
 * on its being heard: the events' jobs are in the same batch.
 */
export const announcing = (db: Database, announce: (eventIds: readonly string[]) => void): Database => ({
  read: (statements) => db.read(statements),
  async write(statements) {
    const results = await db.write(statements);
    const events = eventsToDeliver(statements, results);
    if (events.length > 0) announce(events);
    return results;
  },
  close: () => db.close(),
});
