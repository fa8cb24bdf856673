import { type Database, DatabaseUnavailable, type Statement } from "./database.ts";
import { createLock, isLockLost, renewLock, withLock } from "./migration-lock.ts";
import { checksumOf, type Migration, MigrationError, sortedByName, statementsOf } from "./migration.ts";

export { type Migration, MigrationError, type MigrationErrorCode } from "./migration.ts";

/** A migration and when it was applied, in ms since the epoch; null: not yet. */
export interface MigrationStatus {
  readonly name: string;
  readonly appliedAt: number | null;
}

/** How long to wait for another deployer, in ms. */
const LOCK_WAIT_MS = 10_000;

interface Applied {
  readonly name: string;
  readonly checksum: string;
  readonly at: number;
}

const createRecord: Statement = {
  sql: `CREATE TABLE IF NOT EXISTS schema_migrations (
  name TEXT PRIMARY KEY,
  checksum TEXT NOT NULL CHECK (length(checksum) = 64),
  applied_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  args: [],
};
const INSERT_RECORD = "INSERT INTO schema_migrations (name, checksum, applied_at) " +
  "VALUES (?, ?, CAST(unixepoch('subsec') * 1000 AS INTEGER))";
const DELETE_RECORD = "DELETE FROM schema_migrations WHERE name = ?";

/**
 * All migrations in order, with the time when each was applied, after a check that the known and the applied ones agree.
 * Migrations that a newer release has applied are listed too: its schema must work with this release as well.
 * Errors: MigrationError `checksum_mismatch`, `missing_migration`, `late_migration`, `invalid_name`.
 */
export async function status(db: Database, migrations: readonly Migration[]): Promise<MigrationStatus[]> {
  const known = sortedByName(migrations);
  const applied = await readApplied(db);
  await check(known, applied);
  const times = new Map(applied.map(({ name, at }) => [name, at]));
  const names = new Set([...known.map(({ name }) => name), ...times.keys()]);
  return [...names].map((name) => ({ name, appliedAt: times.get(name) ?? null }));
}

/**
 * Applies the migrations that are not applied, oldest first, up to and including `to`. Returns their names. Each is one
 * atomic batch together with its record. Only one deployer works at a time: another waits up to `waitMs`, and then finds
 * the work done.
 * Errors: MigrationError, its code as `status` or `locked`, `lock_lost`, `statement_failed`,
 * `unavailable`, `unknown_migration`.
 */
export async function migrate(
  db: Database,
  migrations: readonly Migration[],
  options: { readonly to?: string; readonly waitMs?: number } = {},
): Promise<string[]> {
  const known = sortedByName(migrations);
  const { to } = options;
  if (to !== undefined && !known.some(({ name }) => name === to)) {
    throw new MigrationError("unknown_migration", `There is no migration ${to}.`);
  }
  const pending = async (): Promise<Migration[]> => {
    const waiting = new Set(
      (await status(db, known)).filter((each) => each.appliedAt === null).map((each) => each.name),
    );
    return known.filter(({ name }) => waiting.has(name) && (to === undefined || name <= to));
  };
  if ((await pending()).length === 0) return [];
  await db.write([createRecord, createLock]);
  return await withLock(db, options.waitMs ?? LOCK_WAIT_MS, async (owner) => {
    const todo = await pending();
    for (const migration of todo) {
      const end: Statement = { sql: INSERT_RECORD, args: [migration.name, await checksumOf(migration)] };
      await change(db, owner, `${migration.name} could not be applied`, migration.up, end);
    }
    return todo.map(({ name }) => name);
  });
}

/**
 * Undoes the newest `steps` migrations, or all. Returns their names, newest first. Each is one atomic batch.
 * Errors: as {@link migrate}.
 */
export async function rollback(
  db: Database,
  migrations: readonly Migration[],
  options: { readonly steps: number | "all"; readonly waitMs?: number },
): Promise<string[]> {
  const newest = async (): Promise<Migration[]> => {
    const known = new Map(sortedByName(migrations).map((each) => [each.name, each]));
    const applied = (await status(db, migrations)).filter((each) => each.appliedAt !== null).reverse();
    const chosen = options.steps === "all" ? applied : applied.slice(0, options.steps);
    return chosen.map(({ name }) => known.get(name) ?? missing(name));
  };
  if ((await newest()).length === 0) return [];
  return await withLock(db, options.waitMs ?? LOCK_WAIT_MS, async (owner) => {
    const todo = await newest();
    for (const { name, down } of todo) {
      await change(db, owner, `${name} could not be rolled back`, down, { sql: DELETE_RECORD, args: [name] });
    }
    return todo.map(({ name }) => name);
  });
}

async function change(db: Database, owner: string, failure: string, text: string, end: Statement): Promise<void> {
  const statements = statementsOf(text).map((sql) => ({ sql, args: [] }));
  try {
    await db.write([...renewLock(owner), ...statements, end]);
  } catch (error) {
    if (isLockLost(error)) {
      throw new MigrationError("lock_lost", `${failure}: another deployer has taken over. Nothing of it was stored.`);
    }
    const code = error instanceof DatabaseUnavailable ? "unavailable" : "statement_failed";
    throw new MigrationError(code, `${failure}: ${(error as Error).message}`, { cause: error });
  }
}

function missing(name: string): never {
  throw new MigrationError("missing_migration", `${name} has been applied, but its files are missing here.`);
}

async function readApplied(db: Database): Promise<Applied[]> {
  const [tables] = await db.read([{
    sql: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
    args: [],
  }]);
  if (tables?.rows.length !== 1) return [];
  const [applied] = await db.read([{
    sql: "SELECT name, checksum, applied_at FROM schema_migrations ORDER BY name",
    args: [],
  }]);
  return (applied?.rows ?? []).map(([name, checksum, at]) => ({
    name: String(name),
    checksum: String(checksum),
    at: Number(at),
  }));
}

async function check(known: readonly Migration[], applied: readonly Applied[]): Promise<void> {
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  const newestKnown = known.at(-1)?.name ?? "";
  for (const { name, checksum } of applied) {
    const migration = byName.get(name);
    if (migration === undefined) {
      if (name > newestKnown) continue;
      return missing(name);
    }
    if (await checksumOf(migration) !== checksum) {
      throw new MigrationError(
        "checksum_mismatch",
        `${name} has been edited since it was applied. Restore its files and put the change into a new migration.`,
      );
    }
  }
  const newest = applied.at(-1)?.name ?? "";
  const late = known.find(({ name }) => name < newest && !applied.some((each) => each.name === name));
  if (late !== undefined) {
    throw new MigrationError(
      "late_migration",
      `${late.name} sorts before ${newest}, which has been applied already. Give it a higher number.`,
    );
  }
}
