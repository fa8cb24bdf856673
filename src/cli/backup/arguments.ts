import { parseArgs } from "node:util";

/** A wrong command line; its message is for the caller. */
export class UsageError extends Error {}

/** Options that each carry a text, by name; the database is `DATABASE_URL` unless told. Errors: {@link UsageError}. */
export function parseOptions<N extends string>(
  args: readonly string[],
  names: readonly N[],
  flags: readonly string[] = [],
): { readonly database: string; readonly texts: Readonly<Partial<Record<N, string>>>; readonly flags: Set<string> } {
  const options = Object.fromEntries([
    ...[...names, "database"].map((name) => [name, { type: "string" as const }]),
    ...[...flags, "help"].map((name) => [name, { type: "boolean" as const }]),
  ]);
  try {
    const { values } = parseArgs({ args: [...args], options });
    const entries = Object.entries(values);
    const texts = Object.fromEntries(entries.filter(([, value]) => typeof value === "string")) as Partial<
      Record<N | "database", string> // only the names above are parsed
    >;
    const given = new Set(entries.filter(([, value]) => value === true).map(([name]) => name));
    const database = texts.database ?? Deno.env.get("DATABASE_URL") ?? "file:.data/malipo.db";
    return { database, texts, flags: given };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Runs a command, prints what it says, and ends the process with 0, or with 1 and the reason. */
export async function runCommand(usage: string, command: () => Promise<readonly string[]>): Promise<void> {
  try {
    for (const line of await command()) console.log(line);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(error instanceof UsageError ? `${message}\n${usage}` : message);
    Deno.exitCode = 1;
  }
}
