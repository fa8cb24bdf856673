import { parseArgs } from "node:util";

export interface Options {
  /** The release that runs now, as git names it; null: the last commit with fewer migrations than this tree. */
  readonly from: string | null;
  /** How long each phase lasts. */
  readonly seconds: number;
  /** Acts of shops and customers a second. */
  readonly rate: number;
}

export const usage = `deno task rehearse [--from REF] [--seconds S] [--rate R]

Rehearses a rollout: release N (a commit, REF) and N+1 (this folder, as it is) behind nginx on one sqld, while shops sell
and pay out. Migrates, gives N+1 a tenth of the traffic, then half, then all; rolls back the code, then the schema. Then it
compares the books of the simulator with payments, payouts and ledger. Prints a table, and exits with 1 if a request
failed other than by a documented 503, or if the books differ.

--from     what runs now; by default the last commit with fewer migrations than this folder
--seconds  how long each phase lasts; 10 by default
--rate     acts a second; 15 by default

It needs git, nginx and openssl, and takes about three minutes.`;

export class UsageError extends Error {}

/** Reads the command line. Errors: {@link UsageError}. */
export function readOptions(args: readonly string[]): Options | "help" {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        from: { type: "string" },
        seconds: { type: "string", default: "10" },
        rate: { type: "string", default: "15" },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return "help";
  const whole = (name: "seconds" | "rate", most: number) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new UsageError(`--${name} must be a whole number, 1 to ${most}.`);
    }
    return value;
  };
  return { from: values.from ?? null, seconds: whole("seconds", 3_600), rate: whole("rate", 500) };
}
