import { parseArgs } from "node:util";
import type { DatabaseKind } from "../support/database.ts";
import { sabotageNames } from "./child/sabotage.ts";

/** What a run has done at least when its faults end, however slow the machine is. */
export interface Least {
  /** What the traffic asked for. */
  readonly operations: number;
  readonly faults: number;
  /** Kinds of faults. */
  readonly kinds: number;
  /** Ends of the API's process, by a kill from outside or at a marked point. */
  readonly kills: number;
}

export interface Options {
  readonly seed: number;
  /** How long traffic and faults last at least; longer, up to `MOST_SECONDS` in run.ts, until all of `least` is done. */
  readonly seconds: number;
  /** Left out: the seconds alone count. */
  readonly least?: Least;
  readonly database: DatabaseKind;
  /** How many API processes share the database and the traffic. */
  readonly processes: number;
  /** Several checkouts have the same account, as at a shop that gives each customer one. */
  readonly sharedAccounts: boolean;
  readonly sabotage: string | null;
}

/** One process writes a file; a server may have several clients. */
const PROCESSES: Readonly<Record<DatabaseKind, number>> = { file: 1, sqld: 2 };

export const usage =
  `chaos [--seed N] [--seconds S] [--database file|sqld] [--processes N] [--own-accounts] [--sabotage NAME]
chaos --list-sabotage    names the bugs that can be planted, one a line
Runs traffic against the API while everything around it fails, heals it, and compares its rows with the simulator's
books. On sqld two processes of the API share it, unless told otherwise. With --own-accounts no two
checkouts have the same account. Exits 1 when money or an answer was lost, doubled or left hanging, or called failed though it moved.`;

export class UsageError extends Error {}

/** Reads the command line. Errors: {@link UsageError}. */
export function readOptions(args: readonly string[]): Options | "list" | "help" {
  const { values } = parsed(args);
  if (values.help) return "help";
  if (values["list-sabotage"]) return "list";
  const number = (name: "seed" | "seconds" | "processes", least: number) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least) {
      throw new UsageError(`--${name} must be a whole number from ${least} up.`);
    }
    return value;
  };
  const { database, sabotage } = values;
  if (database !== "file" && database !== "sqld") throw new UsageError("--database must be file or sqld.");
  if (sabotage !== undefined && !sabotageNames.includes(sabotage)) {
    throw new UsageError(`--sabotage must be one of ${sabotageNames.join(", ")}.`);
  }
  const processes = values.processes === undefined ? PROCESSES[database] : number("processes", 1);
  if (processes > 1 && database === "file") throw new UsageError("Several processes need --database sqld.");
  return {
    seed: number("seed", 0),
    seconds: number("seconds", 1),
    database,
    processes,
    sharedAccounts: !values["own-accounts"],
    sabotage: sabotage ?? null,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: "string", default: "1" },
        seconds: { type: "string", default: "60" },
        database: { type: "string", default: "file" },
        processes: { type: "string" },
        "own-accounts": { type: "boolean", default: false },
        sabotage: { type: "string" },
        "list-sabotage": { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
