import { ConstraintError, type Database, type Statement } from "./database.ts";
import { MigrationError } from "./migration.ts";

/** How long a lock is valid without being renewed, in ms. An older one was left by a deployer that died. */
const LOCK_LIFE_MS = 60_000;
const POLL_MS = 100;

// The clock of the database, because the clocks of two deployers may differ.
const NOW = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

export const createLock: Statement = {
  sql: `CREATE TABLE IF NOT EXISTS schema_lock (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  CONSTRAINT lock_lost CHECK (id = 1)
) STRICT`,
  args: [],
};

const TAKE_LOCK = `INSERT INTO schema_lock (id, owner, expires_at) VALUES (1, ?, ${NOW} + ?)
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at WHERE expires_at <= ${NOW}`;

/**
 * The first statements of a batch: they renew the lock, and abort the batch when another deployer has the lock, by an id
 * that the table refuses.
 */
export function renewLock(owner: string): Statement[] {
  return [
    { sql: `UPDATE schema_lock SET expires_at = ${NOW} + ? WHERE owner = ?`, args: [LOCK_LIFE_MS, owner] },
    { sql: "INSERT INTO schema_lock (id, owner, expires_at) SELECT 0, '', 0 WHERE changes() = 0", args: [] },
  ];
}

/** Whether a batch failed because another deployer had taken the lock. */
export function isLockLost(error: unknown): boolean {
  return error instanceof ConstraintError && error.rule === "lock_lost";
}

/**
 * Runs `work` as the only deployer. Waits up to `waitMs` for another one.
 * Errors: MigrationError `locked` when the other one has not finished by then.
 */
export async function withLock<T>(db: Database, waitMs: number, work: (owner: string) => Promise<T>): Promise<T> {
  const owner = crypto.randomUUID();
  const deadline = Date.now() + waitMs;
  while (!await takeLock(db, owner)) {
    if (Date.now() >= deadline) {
      throw new MigrationError(
        "locked",
        "Another deployer is still changing the schema. Try again when it has finished; " +
          `the lock of one that died ends after ${LOCK_LIFE_MS / 1000} s.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    return await work(owner);
  } finally {
    await db.write([{ sql: "DELETE FROM schema_lock WHERE owner = ?", args: [owner] }]).catch(() => undefined);
  }
}

async function takeLock(db: Database, owner: string): Promise<boolean> {
  const [taken] = await db.write([{ sql: TAKE_LOCK, args: [owner, LOCK_LIFE_MS] }]);
  return taken?.changes === 1;
}
