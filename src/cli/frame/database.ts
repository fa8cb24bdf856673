import type { Database } from "../../db/database.ts";
import { openDatabase } from "../../db/open.ts";
import { CommandFailed } from "./command.ts";

/** The database of the environment. */
export const databaseUrl = (): string => Deno.env.get("DATABASE_URL") ?? "file:.data/malipo.db";

/** The option that names another database than that of the environment. */
export const databaseOption = {
  database: { value: "URL", help: "the database; else DATABASE_URL, else file:.data/malipo.db" },
} as const;

/** Opens the database, works with it and closes it. */
export async function withDatabase<T>(work: (db: Database) => Promise<T>, url: string = databaseUrl()): Promise<T> {
  const db = await openDatabase(url, Deno.env.get("DATABASE_AUTH_TOKEN")).catch((error: unknown) => {
    throw new CommandFailed(`unavailable: ${error instanceof Error ? error.message : error}`);
  });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
