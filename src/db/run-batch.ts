import type { Result } from "./database.ts";
import { isBusy, storeError } from "./sqlite-error.ts";
import type { Connection } from "./sqlite.ts";
import type { Batch, Outcome } from "./writer.ts";

/**
 * Runs the statements of a batch. One loop without an await, because no other statement may run between an UPDATE and the
 * guard that reads `changes()`.
 */
export function runBatch(connection: Connection, batch: Batch): Result[] {
  return batch.map((statement) => connection.run(statement));
}

/** Runs one batch of a group. A failure undoes this batch only. Throws when the whole transaction is lost. */
export function runInSavepoint(connection: Connection, batch: Batch): Outcome {
  connection.exec("SAVEPOINT batch");
  try {
    const results = runBatch(connection, batch);
    connection.exec("RELEASE batch");
    return results;
  } catch (error) {
    if (isBusy(error) || !connection.inTransaction) throw error;
    connection.exec("ROLLBACK TO batch");
    connection.exec("RELEASE batch");
    return storeError(error, true);
  }
}
