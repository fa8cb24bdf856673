/** How a run of tests ended. `hung`: it was killed after the time limit. */
export interface TestRun {
  readonly outcome: "passed" | "failed" | "hung";
  readonly ms: number;
  /** The end of what the tests wrote. */
  readonly output: string;
}

/** Runs tests in a copy of the tree, until the first failure or until `limitMs` is over. */
export async function runTests(tree: string, tests: readonly string[], limitMs: number): Promise<TestRun> {
  const startedAt = performance.now();
  const nodeModules = await Deno.realPath(`${tree}/node_modules`);
  const child = new Deno.Command(Deno.execPath(), {
    // The native part of the database driver lies where the link of node_modules leads.
    args: [
      "test",
      "-P=tests",
      `--allow-ffi=node_modules,${nodeModules}`,
      "--frozen",
      "--no-check",
      "--fail-fast",
      ...tests,
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
  const outcome = hung ? "hung" : success ? "passed" : "failed";
  return { outcome, ms: performance.now() - startedAt, output: output.slice(-4_000) };
}

/** Ends the process and all that it started. Nothing happens where they have ended. */
function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
