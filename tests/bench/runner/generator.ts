/** Runs a load generator of this folder in a process of its own; answers the JSON of its last line. */
export async function generate<T>(script: string, input: unknown): Promise<T> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--frozen", "--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--allow-write"],
      ...["--allow-ffi", "--allow-sys", new URL(script, import.meta.url).href],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(input)));
  await writer.close();
  return await resultOf<T>(script, child.output());
}

/** The JSON of the last line that a process wrote. Errors: what it said instead. */
export async function resultOf<T>(name: string, output: Promise<Deno.CommandOutput>): Promise<T> {
  const { success, stdout, stderr } = await output;
  const text = new TextDecoder();
  const said = text.decode(stdout).trimEnd();
  if (!success) throw new Error(`${name} failed:\n${said}\n${text.decode(stderr)}`);
  return JSON.parse(said.slice(said.lastIndexOf("\n") + 1));
}

/** What a generator was asked for. */
export async function asked<T>(): Promise<T> {
  return await new Response(Deno.stdin.readable).json();
}

/** Ends a generator with its result. */
export function tell(result: unknown): never {
  console.log(JSON.stringify(result));
  Deno.exit(0);
}
