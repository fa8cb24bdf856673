import { packClient } from "../../src/cli/pack.ts";
import { Child } from "../support/child.ts";

const root = new URL("../../", import.meta.url);

/** An example, installed as its README says, in a folder of its own. */
export interface Example {
  readonly folder: URL;
  /** Starts one of its scripts, which stays until it is ended. */
  start(script: string, env: Readonly<Record<string, string>>): Child;
  /** Runs one of its scripts to the end; `input` is what a person types. */
  run(script: string, args: readonly string[], env: Readonly<Record<string, string>>, input?: string): Promise<Ended>;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function execute(
  command: string,
  args: readonly string[],
  { cwd, env = {}, input = "" }: { cwd: URL; env?: Readonly<Record<string, string>>; input?: string },
): Promise<Ended> {
  const process = new Deno.Command(command, {
    args: [...args],
    cwd,
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  const typed = writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(() => {}); // it ended first
  const { code, stdout, stderr } = await process.output();
  await typed;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Copies an example and the packed client as they lie to each other, and installs it with npm, without a network. */
export async function withExample(name: string, test: (example: Example) => Promise<void>): Promise<void> {
  const copy = new URL(`file://${await Deno.makeTempDir({ prefix: "malipo-example-" })}/`);
  try {
    await packClient(new URL("dist/client/", copy));
    const folder = new URL(`examples/${name}/`, copy);
    await Deno.mkdir(folder, { recursive: true });
    for await (const { name: file, isFile } of Deno.readDir(new URL(`examples/${name}/`, root))) {
      if (isFile) await Deno.copyFile(new URL(`examples/${name}/${file}`, root), new URL(file, folder));
    }
    const install = ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    const installed = await execute("npm", install, { cwd: folder });
    if (installed.code !== 0) throw new Error(`npm install: ${installed.stdout}${installed.stderr}`);
    await test({
      folder,
      start: (script, env) => Child.run("node", [script], { env, cwd: folder }),
      run: (script, args, env, input) =>
        execute("node", [script, ...args], { cwd: folder, env, ...(input === undefined ? {} : { input }) }),
    });
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

/** Waits for the line in which a server names its address. */
export async function addressOf(server: Child): Promise<string> {
  const address = await server.line((line) => /(http:\/\/127\.0\.0\.1:\d+\S*)/.exec(line)?.[1] ?? null);
  if (address === null) throw new Error(`It did not start:\n${server.lines.join("\n")}`);
  return address;
}
