import { type Figure, table } from "./figure.ts";
import { type Flood, runFlood } from "./flood/run.ts";

const COUNT = Number(Deno.env.get("FLOOD_COUNT") ?? 10_000);
const MOST_MIB = 400;

/**
 * 10,000 checkouts in flight at the same time: first while Daraja thinks about the prompts, then while the shoppers do.
 * The buyers come by HTTP/2, since 10,000 connections from them and 10,000 to Daraja are more than one process may hold
 * open where `ulimit -n` is 20,000.
 */
export async function flood(): Promise<readonly Figure[]> {
  const slow = await runFlood(COUNT, 10_000, 1_000);
  const open = await runFlood(COUNT, 0, 30_000);
  const goal = { least: COUNT };
  return [
    { name: "prompts that Daraja thinks about at once", on: "file", value: slow.mostAway, unit: "", goal },
    ...figuresOf("slow Daraja", slow),
    { name: "checkouts that wait for a callback at once", on: "file", value: COUNT - open.paidBy, unit: "", goal },
    ...figuresOf("slow shoppers", open),
  ];
}

function figuresOf(name: string, flood: Flood): readonly Figure[] {
  const comings = flood.bought.reduce((sum, { refused }) => sum + 1 + refused, 0);
  const made = flood.bought.filter(({ status }) => status === 201).length;
  const figure = { on: "file", unit: "" };
  return [
    { ...figure, name: `${name}: answered 201`, value: made, goal: { least: COUNT }, note: `asked ${comings} times` },
    { ...figure, name: `${name}: succeeded`, value: flood.succeeded, goal: { least: COUNT } },
    { ...figure, name: `${name}: callbacks not taken`, value: flood.lost, goal: { most: 0 } },
    {
      name: `${name}: most memory of the API`,
      on: "file",
      value: flood.mostMiB,
      unit: "MiB",
      goal: { most: MOST_MIB },
      note: `${flood.beforeMiB} before; ${flood.handles} files and sockets`,
    },
  ];
}

if (import.meta.main) console.log(table(await flood()));
