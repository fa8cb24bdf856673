import { Wire, wired } from "../wire.ts";

/** ms from the start of a process until it first answered 200, and from SIGTERM until it was gone. */
export interface Answered {
  readonly liveMs: number;
  /** NaN where no list was asked for. */
  readonly listMs: number;
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
const LONGEST_MS = 20_000;

/** Starts a script, asks until it answers, ends it. */
export async function begin(
  script: URL,
  env: Readonly<Record<string, string>>,
  port: number,
  path: string,
  token: string | null,
): Promise<Answered> {
  const live = wired("GET", path, {});
  const list = wired("GET", "/v1/checkouts", { authorization: `Bearer ${token}` });
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--frozen", "--cached-only", ...flags, script.href],
    env: { ...env },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  try {
    const wire = await listening(port, start);
    if ((await wire.ask(live)).status !== 200) throw new Error("The first answer was not 200.");
    const liveMs = performance.now() - start;
    const status = token === null ? null : (await wire.ask(list)).status;
    const listMs = status === null ? NaN : performance.now() - start;
    wire.close();
    if (status !== null && status !== 200) throw new Error(`The list was answered by ${status}.`);
    const stopping = performance.now();
    child.kill("SIGTERM");
    await child.status;
    return { liveMs, listMs, stopMs: performance.now() - stopping };
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
