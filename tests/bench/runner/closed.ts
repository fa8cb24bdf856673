import { generate, resultOf } from "./generator.ts";
import type { Tape } from "./tape.ts";

/** What came of requests that were sent one after another by so many connections. */
export interface Closed {
  readonly requests: number;
  readonly perSecond: number;
}

interface Replayed {
  readonly requests: number;
  readonly seconds: number;
  /** Answered with 400 or above. */
  readonly failed: number;
  readonly broken: number;
  readonly ranOut: boolean;
}

/** Failures of a run that make it no measurement. */
const FAILED_MOST = 0.001;

/**
 * Sends tapes for so long, each to its API by `connections` together, as fast as answers come: by wrk where it is
 * installed, else by autocannon. Errors: where requests fail, or a tape that may be sent once only ran out.
 */
export async function closed(tapes: readonly Tape[], connections: number, seconds: number): Promise<Closed> {
  const each = Math.max(1, Math.round(connections / tapes.length));
  const replayed = await Promise.all(tapes.map((tape) => replay(tape, each, seconds)));
  for (const [i, run] of replayed.entries()) {
    const bad = run.failed + run.broken;
    if (bad > run.requests * FAILED_MOST) throw new Error(`${bad} of ${run.requests} requests failed`);
    if (run.ranOut && tapes[i]?.again === false) {
      throw new Error(`A tape of ${tapes[i]?.calls} requests was too short.`);
    }
  }
  return {
    requests: replayed.reduce((sum, { requests }) => sum + requests, 0),
    perSecond: replayed.reduce((sum, { requests, seconds }) => sum + requests / seconds, 0),
  };
}

let wrk: Promise<boolean> | undefined;

/** The name of what sends the load. */
export async function sender(): Promise<"wrk" | "autocannon"> {
  wrk ??= isInstalled("wrk");
  return await wrk ? "wrk" : "autocannon";
}

async function isInstalled(command: string): Promise<boolean> {
  try {
    await new Deno.Command(command, { args: ["-v"], stdout: "null", stderr: "null" }).output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function replay(tape: Tape, connections: number, seconds: number): Promise<Replayed> {
  if (await sender() === "autocannon") return await generate("./autocannon.ts", { tape, connections, seconds });
  const script = new URL("./replay.lua", import.meta.url).pathname;
  const args = [
    "-t1",
    `-c${connections}`,
    `-d${seconds}s`,
    "--timeout",
    "30s",
    "-s",
    script,
    tape.url,
    "--",
    tape.file,
  ];
  return await resultOf("wrk", new Deno.Command("wrk", { args }).output());
}
