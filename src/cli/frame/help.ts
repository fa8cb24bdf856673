import type { Command, Entry, Group, Options } from "./command.ts";

const WIDTH = 100;
const HELP_OPTION = ["--help", "prints this text"] as const;
const JSON_OPTION = ["--json", "prints JSON, one object a line"] as const;

const wordsOf = (entry: Entry): string => "words" in entry ? (entry.words ?? []).join(" ") : "";

function optionName(name: string, option: Options[string]): string {
  return "value" in option ? `--${name} ${option.value}` : `--${name}`;
}

/** `deno task malipo listen [--to URL]` */
export function usageLine(path: string, { words = [], options }: Command): string {
  const names = Object.entries(options).map(([name, option]) => `[${optionName(name, option)}]`);
  const whole = [path, ...words, ...names].join(" ");
  return whole.length <= WIDTH ? whole : [path, ...words, "[options]"].join(" ");
}

/** What `--help` prints for a command. `path` is how it was called, such as `deno task malipo listen`. */
export function commandHelp(path: string, it: Command, { json = true }: { readonly json?: boolean } = {}): string {
  const options = Object.entries(it.options).map(([name, option]) => [optionName(name, option), option.help] as const);
  return paragraphs([
    usageLine(path, it),
    sentence(it.summary),
    it.details,
    `Options\n${columns([...options, ...json ? [JSON_OPTION] : [], HELP_OPTION])}`,
    examples(path, it.examples),
  ]);
}

/** What `--help` prints for a group of commands. */
export function groupHelp(path: string, group: Group): string {
  const rows = Object.entries(group.commands).map(([name, entry]) =>
    [`${path} ${name} ${wordsOf(entry)}`.trimEnd(), entry.summary] as const
  );
  const widest = Math.max(...rows.map(([left]) => left.length));
  const commands = Object.entries(group.commands).map(([name, entry]) =>
    [`${name} ${wordsOf(entry)}`.trimEnd(), entry.summary] as const
  );
  return paragraphs([
    widest > 60 || rows.length > 8 ? `${path} COMMAND\n\n${columns(commands)}` : columns(rows, ""),
    sentence(group.summary),
    group.details,
    `Each command answers --help, and prints JSON with --json. Exit codes: 0 done, 1 failed, 2 wrong use.`,
    examples(path, group.examples),
  ]);
}

function examples(path: string, given: readonly string[] = []): string | undefined {
  if (given.length === 0) return undefined;
  return [given.length === 1 ? "Example" : "Examples", ...given.map((each) => `  ${path} ${each}`.trimEnd())].join(
    "\n",
  );
}

const sentence = (text: string): string => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return whole.endsWith(".") ? whole : `${whole}.`;
};

const paragraphs = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join("\n\n");

/** Two columns; what does not fit is continued under the second. */
function columns(rows: readonly (readonly [left: string, right: string])[], indent = "  "): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  const room = Math.max(40, WIDTH + 20 - width - indent.length);
  return rows.flatMap(([left, right]) =>
    wrapped(right, room).map((line, i) => `${indent}${(i === 0 ? left : "").padEnd(width)}  ${line}`)
  ).join("\n");
}

function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
