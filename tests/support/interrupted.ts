import type { Database, Statement } from "../../src/db/database.ts";
import type { InProcessOptions } from "./in-process.ts";

/** What happens once between two steps of the service; null: nothing is planned, or it has happened. */
export interface Interruption {
  happens: (() => Promise<unknown>) | null;
}

export interface Interrupted {
  readonly planned: Interruption;
  readonly options: Required<Pick<InProcessOptions, "wrapDatabase">>;
}

/** A database in which something happens once: after a read, or before a write, one of whose statements `is` true for. */
export function interrupted(when: "after read" | "before write", is: (statement: Statement) => boolean): Interrupted {
  const planned: Interruption = { happens: null };
  const happen = async (statements: readonly Statement[]) => {
    const { happens } = planned;
    if (happens === null || !statements.some(is)) return;
    planned.happens = null;
    await happens();
  };
  const wrapDatabase = (db: Database): Database => ({
    read: async (statements) => {
      const results = await db.read(statements);
      if (when === "after read") await happen(statements);
      return results;
    },
    write: async (statements) => {
      if (when === "before write") await happen(statements);
      return await db.write(statements);
    },
    close: () => db.close(),
  });
  return { planned, options: { wrapDatabase } };
}
