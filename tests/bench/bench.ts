import { cases } from "./runner/cases.ts";
import { machine } from "./runner/machine.ts";
import { type Options, readOptions } from "./runner/options.ts";
import { type Figure, reached, table } from "./figure.ts";

/**
 * `deno task bench`: the product and the floor in turn, on stands of their own, with the load from other processes.
 * Prints a table and writes bench.json. A goal that is missed is said, not failed; only what could not be measured fails.
 */
async function bench(options: Options): Promise<readonly Figure[]> {
  const unknown = options.only?.find((name) => !cases.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw new TypeError(`--only ${unknown} is none of ${cases.map(({ name }) => name).join(", ")}`);
  }
  const figures: Figure[] = [];
  for (const { name, run } of cases) {
    if (options.only !== null && !options.only.includes(name)) continue;
    const own = await run(options);
    options.say(`\n${table(own)}\n`);
    figures.push(...own);
  }
  return figures;
}

const options = readOptions();
const began = new Date();
const figures = await bench(options);
const { rounds, seconds, places } = options;
await Deno.writeTextFile(
  "bench.json",
  JSON.stringify(
    {
      date: began.toISOString(),
      machine: await machine(),
      rounds,
      seconds,
      places: places.map(({ name }) => name),
      figures: figures.map((figure) => ({ ...figure, reached: reached(figure) })),
    },
    null,
    2,
  ),
);
console.log(table(figures));
