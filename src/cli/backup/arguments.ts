import { parseArgs } from "node:util";
import { makeFilesPrivate } from "../../platform/deno/process.ts";

/** A wrong command line. The message is shown to the user. */
export class UsageError extends Error {}

/** Parses options with a value (`names`) and flags. The default of `--database` is `DATABASE_URL`. Errors: {@link UsageError}. */
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

/** Runs a command and prints its lines. On an error it prints the reason and sets exit code 1. */
export async function runCommand(usage: string, command: () => Promise<readonly string[]>): Promise<void> {
  makeFilesPrivate();
  try {
    for (const line of await command()) console.log(line);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(error instanceof UsageError ? `${message}\n${usage}` : message);
    Deno.exitCode = 1;
  }
}
