import { ConstraintError, type Database, type Statement } from "./database.ts";
import { MigrationError } from "./migration.ts";

/** How long a lock lives without being renewed, in ms; what is older was left by a deployer that died. */
const lifeMs = 60_000;
const pollMs = 100;

// The store's clock, so that deployers need not agree on theirs.
const now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

export const createLock: Statement = {
  sql: `CREATE TABLE IF NOT EXISTS schema_lock (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  CONSTRAINT lock_lost CHECK (id = 1)
) STRICT`,
  args: [],
};

const takeSql = `INSERT INTO schema_lock (id, owner, expires_at) VALUES (1, ?, ${now} + ?)
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at WHERE expires_at <= ${now}`;

/**
 * Statements to put first in a batch: they renew the lock and undo the batch when it has been lost, by an id that the
 * table refuses.
 */
export function renewLock(owner: string): Statement[] {
  return [
    { sql: `UPDATE schema_lock SET expires_at = ${now} + ? WHERE owner = ?`, args: [lifeMs, owner] },
    { sql: "INSERT INTO schema_lock (id, owner, expires_at) SELECT 0, '', 0 WHERE changes() = 0", args: [] },
  ];
}

/** Whether a batch failed because its lock had been lost. */
export function isLockLost(error: unknown): boolean {
  return error instanceof ConstraintError && error.rule === "lock_lost";
}

/**
 * Runs `work` as the only deployer. Waits for another up to `waitMs`.
 * Errors: MigrationError `locked` when the other isn't done by then.
 */
export async function withLock<T>(db: Database, waitMs: number, work: (owner: string) => Promise<T>): Promise<T> {
  const owner = crypto.randomUUID();
  const deadline = Date.now() + waitMs;
  while (!await take(db, owner)) {
    if (Date.now() >= deadline) {
      throw new MigrationError(
        "locked",
        "Another deployer is changing the schema and was waited for in vain. Try again when it is done; " +
          `a lock left by one that died falls after ${lifeMs / 1000} s.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  try {
    return await work(owner);
  } finally {
    await db.write([{ sql: "DELETE FROM schema_lock WHERE owner = ?", args: [owner] }]).catch(() => undefined);
  }
}

async function take(db: Database, owner: string): Promise<boolean> {
  const [taken] = await db.write([{ sql: takeSql, args: [owner, lifeMs] }]);
  return taken?.changes === 1;
}
