import { type Database, DatabaseUnavailable, type Statement } from "../../../src/db/database.ts";
import type { CrashPoint } from "./control.ts";

/** What the API's process gets from its host, and a way to put something in between. */
export interface Parts {
  readonly db: Database;
  readonly fetch: typeof fetch;
}
export type Wrap = (parts: Parts) => Parts;

/** A database with another `write`. */
export const withWrite = (db: Database, write: Database["write"]): Database => ({
  read: (statements) => db.read(statements),
  write,
  close: () => db.close(),
});

const holds = (statements: readonly Statement[], text: string): boolean =>
  statements.some(({ sql }) => sql.includes(text));

/** Refuses, for a while, every batch that touches a table: as a full disk or a broken index would. */
export function refusing(): { wrap(db: Database): Database; refuse(table: string, until: number): void } {
  const until = new Map<string, number>();
  return {
    refuse: (table, end) => void until.set(table, end),
    wrap: (db) =>
      withWrite(db, (statements) => {
        for (const [table, end] of until) {
          if (Date.now() >= end) until.delete(table);
          else if (holds(statements, `INTO ${table} `)) {
            return Promise.reject(new DatabaseUnavailable(`${table} takes nothing now.`, true));
          }
        }
        return db.write(statements);
      }),
  };
}

const die = (): Promise<never> => {
  Deno.kill(Deno.pid, "SIGKILL");
  return new Promise(() => {});
};

/** Kills the process at a marked point. */
export const crashing = (point: CrashPoint): Wrap => ({ db, fetch: send }) => {
  let seen = 0;
  const dies = (what: CrashPoint["what"], hit: boolean, when: CrashPoint["when"]): boolean => {
    if (what !== point.what || when !== point.when || !hit) return false;
    seen++;
    return seen === point.nth;
  };
  return {
    db: withWrite(db, async (statements) => {
      const hit = holds(statements, point.match);
      if (dies("write", hit, "before")) await die();
      const results = await db.write(statements);
      if (dies("write", hit, "after")) await die();
      return results;
    }),
    fetch: async (input, init) => {
      const hit = String(input instanceof Request ? input.url : input).includes(point.match);
      if (dies("daraja", hit, "before")) await die();
      const response = await send(input, init);
      if (dies("daraja", hit, "after")) await die();
      return response;
    },
  };
};
