import { taskOptions } from "../../src/cli/frame/task.ts";

/**
 * `deno task audit`: asks the registry for known weaknesses of our dependencies, and fails if there is one. Where the
 * registry does not answer it says so and does not fail: the gate also runs without a network.
 */
taskOptions("deno task audit", { summary: "asks the registry for known weaknesses of our dependencies" });

const TIMEOUT_MS = 60_000;
/** How `deno audit` says that the registry could not be asked. */
const UNANSWERED = /error sending request|failed to (fetch|send)|client error|timed? ?out|status code|HTTP/i;

const abort = new AbortController();
const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
const run = await new Deno.Command(Deno.execPath(), {
  args: ["audit"],
  env: { NO_COLOR: "1" },
  signal: abort.signal,
}).output();
clearTimeout(timer);
const text = new TextDecoder().decode(run.stdout) + new TextDecoder().decode(run.stderr);
if (run.success) {
  console.log(text.trim() === "" ? "No known weakness in the dependencies." : text.trim());
} else if (abort.signal.aborted || UNANSWERED.test(text)) {
  console.log("The dependencies were not checked: the registry did not answer.");
} else {
  console.error(text);
  Deno.exit(1);
}
