import { taskOptions } from "../../../src/cli/frame/task.ts";
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

/** Reads the options of `deno task bench`. Errors: `TypeError` for a value that is not allowed. */
export function readOptions(): Options {
  const given = taskOptions("deno task bench", {
    summary: "measures the service against a floor of its own work, and writes bench.json",
    options: {
      rounds: { value: "N", help: "how often product and floor are measured in turn; 5 if left out" },
      seconds: { value: "N", help: "of one measurement; 5 if left out" },
      only: { value: "CASE,...", help: "only these cases" },
      on: { value: "file,sqld", help: "only on these databases" },
      parallel: { help: "two processes on one sqld" },
    },
  });
  const values = { rounds: "5", seconds: "5", on: "file,sqld", ...given };
  const named = values.on.split(",");
  const unknown = named.find((name) => name !== "file" && name !== "sqld");
  if (unknown !== undefined) throw new TypeError(`--on ${unknown} is neither file nor sqld`);
  return {
    rounds: whole("rounds", values.rounds),
    seconds: whole("seconds", values.seconds),
    places: values.parallel === true ? [twice] : [file, server].filter(({ name }) => named.includes(name)),
    only: values.only?.split(",") ?? null,
    say: (text) => console.error(text),
  };
}

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new TypeError(`--${name} ${text} is not a whole number above zero`);
}
