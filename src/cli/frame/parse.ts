import { parseArgs } from "node:util";
import { type Command, UsageError } from "./command.ts";

/** The arguments of one command. */
export interface Parsed {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | true>>;
  readonly json: boolean;
  readonly help: boolean;
}

/**
 * Parses the arguments of a command. Errors: {@link UsageError} for an unknown option, an option without its value, and
 * too few or too many words.
 */
export function parse({ options, words = [] }: Command, args: readonly string[]): Parsed {
  const known = Object.fromEntries([
    ...Object.entries(options).map(([name, option]) => [
      name,
      { type: "value" in option ? "string" as const : "boolean" as const },
    ]),
    ["json", { type: "boolean" as const }],
    ["help", { type: "boolean" as const, short: "h" }],
  ]);
  const { values, positionals } = read(args, known);
  const { json, help, ...rest } = values;
  if (help !== true) checkWords(words, positionals);
  const given = Object.entries(rest).filter((entry): entry is [string, string | true] =>
    typeof entry[1] === "string" || entry[1] === true
  );
  return { words: positionals, options: Object.fromEntries(given), json: json === true, help: help === true };
}

function read(args: readonly string[], options: Readonly<Record<string, { type: "string" | "boolean" }>>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(complaint(error));
  }
}

/** Node's messages end with advice about its own parser. */
function complaint(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = /^Unknown option '(.+?)'/.exec(message);
  if (unknown !== null) return `There is no option ${unknown[1]}.`;
  const [first = message] = message.split(/\.(?: |$)|\n/);
  return `${first}.`;
}

function checkWords(words: readonly string[], given: readonly string[]): void {
  const required = words.filter((word) => !word.startsWith("["));
  if (given.length < required.length) {
    throw new UsageError(`Missing: ${required.slice(given.length).join(" ").replaceAll("...", "")}.`);
  }
  const repeats = words.at(-1)?.replace("]", "").endsWith("...") === true;
  if (given.length > words.length && !repeats) {
    throw new UsageError(`Unexpected: ${given.slice(words.length).join(" ")}.`);
  }
}
