import { parseArgs } from "node:util";
import type { Place } from "./stands.ts";

/** How a bench is run. */
export interface Options {
  /** How often product and floor are measured in turn. */
  readonly rounds: number;
  /** Of one measurement. */
  readonly seconds: number;
  readonly places: readonly Place[];
  /** Names of cases; null: all. */
  readonly only: readonly string[] | null;
  /** Says what is going on. */
  readonly say: (text: string) => void;
}

const file: Place = { name: "file", database: "file", processes: 1 };
const server: Place = { name: "sqld", database: "sqld", processes: 1 };
const twice: Place = { name: "sqld x2", database: "sqld", processes: 2 };

/** Reads `--rounds 5 --seconds 5 --only create,callback --on file,sqld --parallel`. Errors: what is not one of these. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "5" },
      only: { type: "string" },
      on: { type: "string", default: "file,sqld" },
      parallel: { type: "boolean", default: false },
    },
  });
  const named = values.on.split(",");
  const unknown = named.find((name) => name !== "file" && name !== "sqld");
  if (unknown !== undefined) throw new TypeError(`--on ${unknown} is neither file nor sqld`);
  return {
    rounds: whole("rounds", values.rounds),
    seconds: whole("seconds", values.seconds),
    places: values.parallel ? [twice] : [file, server].filter(({ name }) => named.includes(name)),
    only: values.only?.split(",") ?? null,
    say: (text) => console.error(text),
  };
}

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new TypeError(`--${name} ${text} is not a whole number above zero`);
}
