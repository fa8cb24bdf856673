import { taskOptions } from "../../src/cli/frame/task.ts";
import { explain, replay } from "./replay.ts";
import { runQuint, specifications, textOf } from "./run-quint.ts";
import { withStages } from "./stage.ts";

/** `deno task quint`: traces of the Quint specifications, replayed on the service. */
const values = taskOptions("deno task quint", {
  summary: "explores the specifications of docs/model, and replays their traces on the real service",
  details: "Ends with code 1 where the service shows something else than a specification.",
  options: {
    seed: { value: "N", help: "decides the traces; 1 if left out" },
    traces: { value: "M", help: "how many traces of each specification; 100 if left out" },
    steps: { value: "S", help: "how many steps a trace has; 25 if left out" },
  },
  examples: ["--seed 7 --traces 1000"],
});
const [seed, traces, steps] = [values.seed ?? "1", values.traces ?? "100", values.steps ?? "25"].map(Number) as [
  number,
  number,
  number,
]; // three texts become three numbers
if (![seed, traces, steps].every((n) => Number.isInteger(n) && n > 0)) {
  console.error("--seed, --traces and --steps must be whole numbers from 1 up");
  Deno.exit(2);
}

let differing = 0;
for (const name of specifications) {
  const started = performance.now();
  const all = await runQuint(await textOf(name), { seed, traces, steps });
  const explored = performance.now();
  let same = 0;
  await withStages(async (open) => {
    for (const trace of all) {
      const difference = await replay(name, await open(), trace);
      if (difference === null) same++;
      else if (differing++ < 3) console.log(`${name}:\n${explain(difference)}\n`);
    }
  });
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  console.log(
    `${name}: ${same} of ${all.length} traces are shown as specified ` +
      `(quint ${seconds(explored - started)}, replay ${seconds(performance.now() - explored)})`,
  );
}
Deno.exit(differing === 0 ? 0 : 1);
