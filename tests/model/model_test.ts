import assert from "node:assert/strict";
import { ACCOUNTS_FROM, DEPOSITS_FROM, historyOf } from "./generate.ts";
import type { History } from "./history.ts";
import { KNOWN } from "./known.ts";
import { script } from "./print.ts";
import { explain, linesOf, verdictOf } from "./report.ts";
import { mayName } from "./rules/accounts.ts";
import { inTheatre } from "./theatre.ts";

/** The gate plays these; `deno task model` plays as many as one likes. */
const FIRST_SEED = 1;
const SEEDS = 60;
const DEPOSITS = 25;
const ACCOUNTS = 60;

const folder = new URL("histories/", import.meta.url);
const stored = async (file: string): Promise<History> => JSON.parse(await Deno.readTextFile(new URL(file, folder)));

const ranges = [
  ["what the service ends with is what the model allows, for all that M-Pesa and people may do", FIRST_SEED, SEEDS],
  [
    "after a part came by hand, prompts ask for the rest, and the end is what the model allows",
    DEPOSITS_FROM + 1,
    DEPOSITS,
  ],
  ["with accounts, allocations, surplus and split orders each shilling is in one place", ACCOUNTS_FROM + 1, ACCOUNTS],
] as const;
for (const [name, from, count] of ranges) {
  Deno.test(name, () =>
    inTheatre(async (theatre) => {
      for (let seed = from; seed < from + count; seed++) {
        const history = historyOf(seed);
        const { unknown } = verdictOf(await theatre.violations(history), history);
        const [first] = unknown;
        if (first !== undefined) assert.fail(await explain(theatre, seed, first.rule));
      }
    }));
}

Deno.test("each stored history shows the known fault that it stands for, and no other; a mended one shows nothing", async () => {
  await inTheatre(async (theatre) => {
    for await (const { name } of Deno.readDir(folder)) {
      const history = await stored(name);
      const violations = await theatre.violations(history);
      const { unknown } = verdictOf(violations, history);
      assert.deepEqual(linesOf(unknown), [], `${name}:\n${script(history)}`);
      for (const { item, stories } of KNOWN) {
        for (const { rule } of stories.filter(({ file }) => file === name)) {
          const shown = violations.some((violation) => violation.rule === rule);
          assert.ok(shown, `${item} is mended, it seems: ${name} no longer shows ${rule}. Remove it from KNOWN.`);
        }
      }
    }
  });
});

Deno.test("every known fault has stored histories, and README.md prints each", async () => {
  const names = new Set<string>();
  for await (const { name } of Deno.readDir(folder)) names.add(name);
  for (const { file } of KNOWN.flatMap(({ stories }) => stories)) assert.ok(names.has(file), `${file} is not there`);
  const readme = await Deno.readTextFile(new URL("README.md", import.meta.url));
  for (const name of names) {
    const text = script(await stored(name));
    assert.ok(readme.includes(text), `README.md does not print ${name}:\n${text}`);
  }
});

Deno.test("a seed always gives the same history", () => {
  assert.deepEqual(historyOf(7), historyOf(7));
  assert.notDeepEqual(historyOf(7), historyOf(8));
});

Deno.test("an account names another one only where separators between digits agree, or none was typed", () => {
  for (const [typed, account] of [["room 5", "ROOM5"], ["A.7/b", "a7B"], ["123", "12/3"], ["12-3", "12/3"]] as const) {
    assert.ok(mayName(typed, account), `${typed} names ${account}`);
  }
  for (const [typed, account] of [["12/3", "1/23"], ["12/3", "123"], ["ROOM5", "ROOM6"]] as const) {
    assert.ok(!mayName(typed, account), `${typed} does not name ${account}`);
  }
});
