// @ts-types="../../db/libsql-addon.d.ts"
import Libsql from "libsql";

const quoteSql = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Copies a database file as it is at one moment, while others read and write it (SQLite's VACUUM INTO), and checks the
 * copy. `say` hears each step before it is done: SQLite does each in one call, which takes minutes for a large file.
 * Errors: `Error` if the target exists or the copy is damaged.
 */
export function copyFile(from: string, to: string, say: (step: string) => void = () => {}): void {
  say(`Copying ${from} (${mebibytes(from)} MiB).`);
  withFile(from, (db) => db.exec(`VACUUM INTO ${quoteSql(to)}`));
  say(`Checking ${to} (${mebibytes(to)} MiB).`);
  checkFile(to);
}

const mebibytes = (path: string): string => (Deno.statSync(path).size / 2 ** 20).toFixed(1);

/** Checks a database file. Errors: `Error` if it is damaged or not a database of Malipo's. */
export function checkFile(path: string): void {
  withFile(path, (db) => {
    const [[integrity] = []] = db.prepare("PRAGMA integrity_check").raw().all([]);
    if (integrity !== "ok") throw new Error(`${path} is damaged: ${integrity}`);
    const tables = db.prepare("SELECT count(*) FROM sqlite_master WHERE name IN ('schema_migrations', 'payments')");
    if (tables.raw().all([])[0]?.[0] !== 2) throw new Error(`${path} is not a database of Malipo's.`);
  });
}

/** Opens a file, runs `work` and closes it. Closing writes the WAL into the file. */
export function withFile<T>(path: string, work: (db: Libsql) => T): T {
  const db = new Libsql(path, { timeout: 5_000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
