const root = new URL("../../", import.meta.url);

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command of `deno task malipo`, with the permissions of the task. Its output is read when it has ended. */
export function malipoCommand(env: Readonly<Record<string, string>>, words: readonly string[]): Deno.Command {
  const script = new URL("src/cli/malipo.ts", root).href;
  const config = new URL("deno.json", root).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P=service", "--config", config, script, ...words],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs `deno task malipo WORDS` to its end. */
export async function malipo(env: Readonly<Record<string, string>>, ...words: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await malipoCommand(env, words).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
}
