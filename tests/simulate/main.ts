import "./host/globals.ts";
import { taskOptions } from "../../src/cli/frame/task.ts";
import { Crew } from "./crew.ts";
import { realNow } from "./host/globals.ts";
import { type Plan, planOf } from "./plan.ts";
import { faultTable, hashOf, progressOf, storyOf } from "./report.ts";
import { type Outcome, simulate } from "./run.ts";
import { shrink } from "./shrink.ts";

/** `deno task simulate`: runs of the service in simulated time, each decided by its seed. */
const values = taskOptions("deno task simulate", {
  summary: "runs the service in simulated time, with faults and orders of events that a seed decides",
  details: "Ends with code 1 where a run broke a rule, or where a planted bug was not found.",
  options: {
    seed: { value: "N", help: "one run, printed with the hash of its history; 1 if left out" },
    seeds: { value: "A..B", help: "the runs of these seeds, with progress" },
    jobs: { value: "J", help: "how many run at once; as many as there are cores if left out" },
    days: { value: "D", help: "how many days a run takes; one history of about two hours if left out" },
    beside: {
      value: "REF",
      help: "with --seeds: in some runs every second process begins as this commit; `last`: with fewer migrations",
    },
    file: { value: "FILE", help: "runs a stored plan instead" },
    lines: { help: "prints the history of the run" },
    save: { value: "FILE", help: "stores the reduced plan of a seed that failed" },
    sabotage: { value: "NAME", help: "plants a bug, or `all`, one after the other: seeds run until it is found" },
    "list-sabotage": { help: "names the bugs that can be planted, one a line" },
  },
  examples: ["--seed 7", "--seeds 1..2000", "--sabotage lease-not-fenced"],
});

const SHOWN_EACH_MS = 5_000;
const jobs = positive("jobs", values.jobs ?? String(navigator.hardwareConcurrency));
const days = values.days === undefined ? null : positive("days", values.days);

if (values["list-sabotage"] === true) {
  const { sabotages } = await import("./sabotage/list.ts");
  for (const { name, why } of sabotages) console.log(`${name.padEnd(30)} ${why}`);
} else if (values.sabotage !== undefined) {
  const { huntAll } = await import("./sabotage/hunt.ts");
  const isFound = await huntAll(values.sabotage, jobs, (line) => console.log(line));
  Deno.exit(isFound ? 0 : 1);
} else if (values.seeds !== undefined) {
  const [, from = "", to = ""] = /^(\d+)\.\.(\d+)$/.exec(values.seeds) ?? [];
  if (to === "" || Number(from) > Number(to)) refuse("--seeds is a range such as 1..2000");
  Deno.exit(await runAll(Number(from), Number(to)) ? 0 : 1);
} else {
  const plan: Plan = values.file === undefined
    ? planOf(positive("seed", values.seed ?? "1"), days)
    : JSON.parse(await Deno.readTextFile(values.file));
  Deno.exit(await runOne(plan) ? 0 : 1);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || (name !== "days" && !Number.isInteger(value))) refuse(`--${name} is a number above 0`);
  return value;
}

function refuse(message: string): never {
  console.error(message);
  Deno.exit(2);
}

async function runOne(plan: Plan): Promise<boolean> {
  const outcome = await simulate(plan, { keepsLines: values.lines === true });
  if (values.lines === true) console.log(outcome.lines.join("\n"));
  console.log(storyOf(outcome));
  console.log(`hash: ${outcome.hash}`);
  if (outcome.violations.length === 0) return true;
  await explain(outcome);
  return false;
}

/** Prints the smallest plan that still breaks the same rule, and stores it where that was asked for. */
async function explain({ plan, violations }: Outcome): Promise<void> {
  const [first] = violations;
  if (first === undefined) return;
  console.log(`\nReducing what seed ${plan.seed} shows (${first.rule}) ...`);
  const shows = async (next: Plan) => (await simulate(next)).violations.some(({ rule }) => rule === first.rule);
  const small = await shrink(plan, shows);
  console.log(storyOf(await simulate(small)));
  console.log(`Run it again: deno task simulate --file FILE --lines, with this as FILE:\n${JSON.stringify(small)}`);
  if (values.save !== undefined) await Deno.writeTextFile(values.save, JSON.stringify(small, null, 2) + "\n");
}

function* range(from: number, to: number): Generator<number> {
  for (let seed = from; seed <= to; seed++) yield seed;
}

async function runAll(from: number, to: number): Promise<boolean> {
  const outcomes: Outcome[] = [];
  const started = realNow();
  let shown = started;
  let failed = 0;
  const crew = new Crew(Math.min(jobs, to - from + 1));
  await crew.seeds(range(from, to), { days, beside: values.beside ?? null }, (outcome) => {
    outcomes.push(outcome);
    if (outcome.violations.length > 0) failed++;
    for (const { rule, about, text } of outcome.violations) {
      console.log(`seed ${outcome.plan.seed}: ${rule} (${about}): ${text}`);
    }
    if (realNow() - shown <= SHOWN_EACH_MS) return;
    shown = realNow();
    console.log(progressOf(outcomes, to - from + 1, failed, shown - started));
  });
  await crew.end();
  console.log(progressOf(outcomes, to - from + 1, failed, realNow() - started));
  console.log(faultTable(outcomes));
  console.log(`hash of all: ${await hashOf(outcomes)}`);
  return failed === 0;
}
