import { command, type Group } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";

type Step = readonly string[];

const LAYOUT = ["imports", "folders"].map((name) => `tests/architecture/${name}_test.ts`);
const checkSteps: readonly Step[] = [
  ["fmt", "--check"],
  ["lint"],
  ["check", "src", "tests"],
  ["test", "-P=tests", "--frozen", "--no-check", ...LAYOUT],
];
const okSteps: readonly Step[] = [...checkSteps, ["task", "audit"], ["task", "test"]];

/** Runs the steps one after the other, with the Deno that runs this, and stops at the first that fails. */
const gate = (summary: string, steps: readonly Step[]) =>
  command({
    summary,
    details: `It runs, and stops at the first that fails:\n${
      steps.map((step) => `  deno ${step.join(" ")}`).join("\n")
    }`,
    async run() {
      for (const args of steps) {
        const { success } = await new Deno.Command(Deno.execPath(), { args: [...args], stdin: "null" }).spawn().status;
        if (!success) return 1;
      }
      return 0;
    },
  });

const gates: Group = {
  summary: "what a change must pass",
  commands: {
    check: gate("the quick part of the gate: format, lint, types, imports", checkSteps),
    ok: gate("the one gate: format, lint, types, tests, and dependencies without known weaknesses", okSteps),
  },
};

if (import.meta.main) await runTask(gates, "deno task");
