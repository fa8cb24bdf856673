/** How a run of tests ended. `hung`: it was killed after the time limit. `broken`: the code could not be loaded. */
export interface TestRun {
  readonly outcome: "passed" | "failed" | "hung" | "broken";
  readonly ms: number;
  /** The end of what the tests wrote. */
  readonly output: string;
}

/** What Deno says of code that does not parse, or that names what does not exist. */
const NOT_CODE = /\bSyntaxError: |\bReferenceError: \S+ is not defined/;

/** The first test that failed, and its file; undefined where no test ran. */
export function firstFailure(output: string): { readonly test: string; readonly file: string | null } | undefined {
  const found = /^ FAILURES\s+(.+?)(?: => \.\/(\S+?):\d.*)?$/m.exec(output);
  return found?.[1] === undefined ? undefined : { test: found[1], file: found[2] ?? null };
}

/** The file that names all that run together. */
const ALL = "tests/mutated_test.ts";

/** So long may one file of tests take on a busy machine. */
const FILE_LIMIT_MS = 60_000;

/**
 * Runs files of tests in a copy of the tree, until the first failure or until `limitMs` is over. All run in one isolate:
 * to load the service takes longer than most tests do.
 */
export async function runTests(
  tree: string,
  files: readonly string[],
  limitMs: number = FILE_LIMIT_MS * files.length,
): Promise<TestRun> {
  const startedAt = performance.now();
  const nodeModules = await Deno.realPath(`${tree}/node_modules`);
  await Deno.writeTextFile(`${tree}/${ALL}`, files.map((file) => `import ${JSON.stringify(`../${file}`)};\n`).join(""));
  const child = new Deno.Command(Deno.execPath(), {
    // The native part of the database driver lies where the link of node_modules leads.
    args: [
      "test",
      "-P=tests",
      `--allow-ffi=node_modules,${nodeModules}`,
      "--frozen",
      "--no-check",
      "--fail-fast",
      ALL,
    ],
    cwd: tree,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    killGroup(child.pid);
  }, limitMs);
  const { success, stdout, stderr } = await child.output();
  clearTimeout(timer);
  killGroup(child.pid); // what the tests started, where a failure left it behind
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const outcome = hung ? "hung" : success ? "passed" : isBroken(output) ? "broken" : "failed";
  return { outcome, ms: performance.now() - startedAt, output: output.slice(-4_000) };
}

/** Whether the tests failed because the code is no code, which says nothing about the tests. */
const isBroken = (output: string): boolean => firstFailure(output) === undefined || NOT_CODE.test(output);

/** Ends the process and all that it started. Nothing happens where they have ended. */
function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
