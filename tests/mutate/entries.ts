import type { Mutation } from "./mutation.ts";

/** What the mutations of one file have in common. */
interface Group {
  readonly area: string;
  readonly file: string;
  readonly tests: readonly string[];
}

/** A mutation of a file: its text, the replacement, what goes wrong, tests other than the group's, and whether it concerns money. */
type Entry = readonly [text: string, to: string, why: string, tests?: readonly string[] | undefined, money?: boolean];

/** The mutations of one file. Their ids are the area, the file's name and a number, so an entry is added at the end. */
export function mutationsOf({ area, file, tests }: Group, entries: readonly Entry[]): Mutation[] {
  const name = file.replace(/^.*\/([^/]+)\/up\.sql$/, "$1").replace(/^.*\//, "").replace(/\.ts$/, "");
  const folder = /\/machine\//.test(file) ? "machine-" : "";
  return entries.map(([text, to, why, own, money], index) => ({
    id: `${area}/${folder}${name}-${index + 1}`,
    area,
    file,
    text,
    to,
    why,
    tests: [...new Set(own ?? tests)],
    money: money ?? true,
  }));
}
