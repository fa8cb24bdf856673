// @ts-types="../../db/libsql-addon.d.ts"
import Libsql from "libsql";

const quoteSql = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Copies a database file, whole and as of one moment, while others read and write it (SQLite's VACUUM INTO), and checks
 * the copy. Errors: when the target exists, or the copy is not sound.
 */
export function copyFile(from: string, to: string): void {
  withFile(from, (db) => db.exec(`VACUUM INTO ${quoteSql(to)}`));
  checkFile(to);
}

/** Errors: when the file is no sound database of ours. */
export function checkFile(path: string): void {
  withFile(path, (db) => {
    const [[said] = []] = db.prepare("PRAGMA integrity_check").raw().all([]);
    if (said !== "ok") throw new Error(`${path} is damaged: ${said}`);
    const tables = db.prepare("SELECT count(*) FROM sqlite_master WHERE name IN ('schema_migrations', 'payments')");
    if (tables.raw().all([])[0]?.[0] !== 2) throw new Error(`${path} is not a database of Malipo's.`);
  });
}

/** Runs statements on a file and closes it, its log folded in. */
export function withFile<T>(path: string, work: (db: Libsql) => T): T {
  const db = new Libsql(path, { timeout: 5_000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
