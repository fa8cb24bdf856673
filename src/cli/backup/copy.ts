// @ts-types="../../db/libsql-addon.d.ts"
import Libsql from "libsql";

const quoteSql = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Copies a database file as it is at one moment, while others read and write it (SQLite's VACUUM INTO), and checks the
 * copy. Errors: `Error` if the target exists or the copy is damaged.
 */
export function copyFile(from: string, to: string): void {
  withFile(from, (db) => db.exec(`VACUUM INTO ${quoteSql(to)}`));
  checkFile(to);
}

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
