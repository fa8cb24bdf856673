import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url);
const { tasks }: { tasks: Record<string, string> } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));

/** Some set variables of the environment first. */
const ours = Object.entries(tasks).map(([name, command]) => [name, command.replace(/^(?:[A-Z_]+=\S+ )+/, "")] as const)
  .filter(([, command]) => command.startsWith("deno run "));
/** Deno's own commands: they have help and refuse what they do not know, and are not ours to test. */
const DENOS = ["fmt", "test"];
const AT_ONCE = 3;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command of a task with more arguments, as `deno task NAME ARGUMENTS` does. */
async function task(command: string, ...more: string[]): Promise<Ended> {
  const [, ...args] = command.split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, ...more],
    cwd: root,
    env: { NO_COLOR: "1", DATABASE_URL: "file:/nowhere/at/all.db" },
    stdin: "null",
  }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
}

/** The help of the frame in src/cli/frame, which answers `--help` by the same code as an unknown flag. */
const FRAMED = /^ {2}--help +prints this text$|^Each command answers --help/m;

async function wrongOf([name, command]: readonly [string, string]): Promise<string[]> {
  const unknown = await task(command, "--no-such-flag");
  const help = FRAMED.test(unknown.err) ? null : await task(command, "--help"); // starting some takes seconds
  return [
    help === null || (help.code === 0 && help.out.length > 40)
      ? ""
      : `${name} --help ends with ${help.code}: ${help.err}`,
    unknown.code === 2 ? "" : `${name} --no-such-flag ends with ${unknown.code}: ${unknown.err}`,
    /no-such-flag/.test(unknown.err) ? "" : `${name} does not name the flag: ${unknown.err}`,
    /\n\s+at .*\.ts:\d/.test(unknown.err) ? `${name} prints a trace: ${unknown.err}` : "",
  ].filter((text) => text !== "");
}

Deno.test("every task answers --help, and refuses a flag that it does not know", async () => {
  assert.deepEqual(Object.keys(tasks).filter((name) => !ours.some(([own]) => own === name)).sort(), DENOS);
  const waiting = ours.values();
  const wrong: string[] = [];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) wrong.push(...await wrongOf(next.value));
  }));
  assert.deepEqual(wrong, []);
});
