import { parseArgs } from "node:util";
import { mutations as own } from "./list.ts";
import { applyMutation, type Mutation, readList } from "./mutation.ts";
import { isGood, report } from "./report.ts";
import { runMutations } from "./run.ts";

const usage = `mutate [--area NAME] [--only ID] [--jobs 2] [--list FILE]
Puts one small fault after the other into a copy of the code, and runs the tests that should notice it.
--area NAME   only the mutations of one area, such as refunds; several are separated by commas
--only ID     only one mutation, such as refunds/store-1; several are separated by commas
--jobs N      how many at once; each takes one core
--list FILE   mutations from a JSON file, an array of {file, text, to, id?, area?, why?, tests?, money?}
Exits 1 when less than 95 % is noticed, or when a mutation survives that concerns money.`;

const root = new URL("../../", import.meta.url).pathname.replace(/\/$/, "");

function readOptions() {
  const { values } = parseArgs({
    options: {
      area: { type: "string" },
      only: { type: "string" },
      jobs: { type: "string", default: "2" },
      list: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) throw new Error("--jobs must be a whole number from 1 up");
  return { ...values, jobs };
}

/** Throws an error that names every mutation whose text does not occur exactly once. */
async function checkTexts(mutations: readonly Mutation[]): Promise<void> {
  const wrong: string[] = [];
  for (const mutation of mutations) {
    const source = await Deno.readTextFile(`${root}/${mutation.file}`).catch(() => "");
    try {
      applyMutation(source, mutation);
    } catch (error) {
      wrong.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const all = options.list === undefined ? own : readList(await Deno.readTextFile(options.list));
  const areas = options.area?.split(",");
  const only = options.only?.split(",");
  const chosen = all.filter(({ id, area }) =>
    (areas === undefined || areas.includes(area)) && (only === undefined || only.includes(id))
  );
  if (chosen.length === 0) throw new Error("no mutation has this area or id");
  await checkTexts(chosen);
  const results = await runMutations(root, chosen, options.jobs, ({ mutation, outcome, ms, by }) => {
    const took = `${(ms / 1_000).toFixed(1).padStart(6)} s`;
    console.log(`${outcome.padEnd(9)}${took}  ${mutation.id}${by === undefined ? "" : `: ${by}`}`);
  });
  console.log(`\n${report(results)}`);
  return isGood(results) ? 0 : 1;
}

try {
  Deno.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(2);
}
