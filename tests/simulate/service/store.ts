import { loadMigrations } from "../../../src/platform/deno/migrations.ts";
import { withMigratedFile } from "../../support/database.ts";
import type { Store } from "./database.ts";
import type * as Release from "./release.ts";

/** Nothing here survives the machine, so nothing waits for its disk. */
const FAST = "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE";

/** Opens a database of its own for one run, with the schema and nothing else. */
export async function withStore<T>(release: typeof Release, use: (store: Store) => Promise<T>): Promise<T> {
  const migrations = await (names ??= loadMigrations().then((all) => all.map(({ name }) => name)));
  return await withMigratedFile(async (path) => {
    const open = (): Release.Connection => {
      const connection = new release.Connection(path);
      connection.exec(FAST);
      return connection;
    };
    let hasCopy = false;
    const store: Store = {
      connection: open(),
      backUp() {
        store.connection.exec(`VACUUM INTO '${path}.backup'`);
        hasCopy = true;
      },
      restore() {
        if (!hasCopy) return false;
        store.connection.close();
        Deno.renameSync(`${path}.backup`, path);
        hasCopy = false;
        store.connection = open();
        return true;
      },
      downUntil: 0,
      wentDown: () => {},
      migrations,
    };
    try {
      return await use(store);
    } finally {
      store.connection.close();
    }
  });
}

/** The names of all migrations, read once. */
let names: Promise<readonly string[]> | undefined;
