import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import type { Database, Result, Statement } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrator.ts";
import { openDatabase } from "../../src/db/open.ts";
import { pathOf } from "../../src/db/file.ts";
import { QuickDatabase } from "./quick-database.ts";
import { type Sqld, startSqld } from "./sqld.ts";

export type DatabaseKind = "file" | "sqld";

/** Which stores the tests run on: both, unless `TEST_DATABASE` names one. */
export function databases(): readonly DatabaseKind[] {
  const chosen = Deno.env.get("TEST_DATABASE");
  if (chosen === undefined || chosen === "") return ["file", "sqld"];
  if (chosen !== "file" && chosen !== "sqld") throw new Error("TEST_DATABASE must be file or sqld.");
  return [chosen];
}

/** Runs a test on an empty store of its own, given by URL. */
export async function withStore(
  kind: DatabaseKind,
  test: (url: string, server?: Sqld) => Promise<void>,
): Promise<void> {
  if (kind === "sqld") {
    const server = await startSqld();
    return await test(server.url, server).finally(() => server.stop());
  }
  const folder = await Deno.makeTempDir({ prefix: "malipo" });
  await test(`file:${folder}/test.db`).finally(() => Deno.remove(folder, { recursive: true }));
}

/** Runs a test on a fresh database with the schema applied; `url` opens it a second time, unless it is `quick`. */
export async function withDatabase(
  kind: DatabaseKind,
  test: (db: Database, url: string) => Promise<void>,
  { quick }: { readonly quick: boolean } = { quick: false },
): Promise<void> {
  await withStore(kind, async (url) => {
    if (kind === "file") await Deno.writeFile(pathOf(url), await (migrated ??= migratedFile()));
    const db = quick && kind === "file" ? new QuickDatabase(pathOf(url)) : await openDatabase(url);
    try {
      if (kind !== "file") await migrate(db, await loadMigrations());
      await test(db, url);
    } finally {
      await db.close();
    }
  });
}

/** Runs something on a copy of a file with the schema, given by its path. */
export async function withMigratedFile<T>(use: (path: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "malipo" });
  try {
    await Deno.writeFile(`${folder}/copy.db`, await (migrated ??= migratedFile()));
    return await use(`${folder}/copy.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A database file with the schema, made once for a file of tests: the migrations take longer than most tests do. */
let migrated: Promise<Uint8Array> | undefined;

async function migratedFile(): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir({ prefix: "malipo" });
  try {
    const url = `file:${folder}/migrated.db`;
    const db = await openDatabase(url);
    await migrate(db, await loadMigrations()).finally(() => db.close());
    return await Deno.readFile(pathOf(url));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A database that counts its calls, each one round trip when nothing else is under way. */
export interface CountingDatabase extends Database {
  reads: number;
  writes: number;
}

export function counting(db: Database): CountingDatabase {
  return {
    reads: 0,
    writes: 0,
    read(statements: readonly Statement[]): Promise<readonly Result[]> {
      this.reads++;
      return db.read(statements);
    },
    write(statements: readonly Statement[]): Promise<readonly Result[]> {
      this.writes++;
      return db.write(statements);
    },
    close: () => db.close(),
  };
}

/** A database that keeps each distinct SQL text it was given. */
export interface RecordingDatabase extends Database {
  readonly texts: ReadonlySet<string>;
}

export function recording(db: Database): RecordingDatabase {
  const texts = new Set<string>();
  const keep = (statements: readonly Statement[]) => statements.forEach(({ sql }) => texts.add(sql));
  return {
    texts,
    read(statements) {
      keep(statements);
      return db.read(statements);
    },
    write(statements) {
      keep(statements);
      return db.write(statements);
    },
    close: () => db.close(),
  };
}
