/** What a process has used so far, by the system's own count. */
export interface Usage {
  readonly cpuMs: number;
  /** Of its first thread, where JavaScript runs: at 1000 ms a second it can do no more. */
  readonly firstMs: number;
  /** How long that thread could have run, but others had the CPU. */
  readonly waitedMs: number;
  readonly residentMiB: number;
  /** The most that was ever resident. */
  readonly mostMiB: number;
}

const TICK_MS = 10; // of /proc, which counts 100 a second

/** What a command of the system says; Deno keeps /proc to itself. Empty where there is none such. */
async function told(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, { args, stderr: "null" }).output().catch(() => ({
    stdout: new Uint8Array(),
  }));
  return new TextDecoder().decode(stdout);
}

/** Asks the system what a process has used; NaN where it doesn't say. */
export async function usageOf(pid: number): Promise<Usage> {
  const first = `/proc/${pid}/task/${pid}`;
  const text = await told("cat", `/proc/${pid}/stat`, `${first}/stat`, `${first}/schedstat`, `/proc/${pid}/status`);
  const [whole = "", thread = "", waits = ""] = text.split("\n");
  const ticks = (line: string) => {
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" "); // a name may hold spaces
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  };
  const mib = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? NaN) / 1024);
  return {
    cpuMs: ticks(whole),
    firstMs: ticks(thread),
    waitedMs: Number(waits.split(" ")[1]) / 1e6,
    residentMiB: mib("VmRSS"),
    mostMiB: mib("VmHWM"),
  };
}

/** How many files and sockets a process holds open. */
export async function handlesOf(pid: number): Promise<number> {
  return (await told("ls", "-U", `/proc/${pid}/fd`)).split("\n").filter((line) => line !== "").length;
}
