import { Wire, wired } from "../wire.ts";

/** ms from the start of a process until it first answered 200, and from SIGTERM until it was gone. */
export interface Answered {
  readonly liveMs: number;
  /** Until a checkout was made, with its prompt. NaN where none was asked for. */
  readonly createMs: number;
  readonly stopMs: number;
}

/** As `deno task start` runs it. */
const flags = [
  "--v8-flags=--max-semi-space-size=8,--heap-growing-percent=50",
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-ffi=node_modules",
  "--allow-sys=cpus,networkInterfaces,hostname",
];
const POLL_MS = 1;
const LONGEST_MS = 60_000;
/** The native driver of a bundle comes from node_modules, which the configuration finds. */
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
let starts = 0;

/** The first thing that a shop asks for. Each start has a key and a phone of its own. */
function createRequest(token: string): Uint8Array {
  const phone = `07110${String(++starts).padStart(5, "0")}`;
  const body = { amount: 1_000, currency: "KES", reference: `cold-${phone}`, phone_number: phone };
  return wired("POST", "/v1/checkouts", {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "idempotency-key": crypto.randomUUID(),
  }, JSON.stringify(body));
}

/** Starts a script, asks until it answers, makes a checkout if there is a token, ends it. */
export async function begin(
  script: URL,
  env: Readonly<Record<string, string>>,
  port: number,
  path: string,
  token: string | null,
): Promise<Answered> {
  const live = wired("GET", path, {});
  const create = token === null ? null : createRequest(token);
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--frozen", "--cached-only", `--config=${CONFIG}`, ...flags, script.href],
    env: { ...env },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  try {
    const wire = await listening(port, start);
    if ((await wire.ask(live)).status !== 200) throw new Error("The first answer was not 200.");
    const liveMs = performance.now() - start;
    const made = create === null ? null : await wire.ask(create);
    const createMs = made === null ? NaN : performance.now() - start;
    wire.close();
    if (made !== null && made.status !== 201) {
      throw new Error(`The checkout was answered by ${made.status}: ${made.text}`);
    }
    const stopping = performance.now();
    child.kill("SIGTERM");
    await child.status;
    return { liveMs, createMs, stopMs: performance.now() - stopping };
  } catch (error) {
    child.kill("SIGKILL");
    await child.status;
    throw error;
  }
}

async function listening(port: number, since: number): Promise<Wire> {
  for (;;) {
    try {
      return await Wire.open(port);
    } catch (error) {
      if (performance.now() - since > LONGEST_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
