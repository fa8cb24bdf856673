import assert from "node:assert/strict";
import { type Figure, median, reached, table } from "./figure.ts";

const figure: Figure = { name: "create", on: "file", value: 0.79, unit: "of it" };

Deno.test("median() takes the middle, of an even number the lower one", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2);
  assert.ok(Number.isNaN(median([])));
});

Deno.test("reached() compares with the goal, and says nothing where there is none", () => {
  assert.equal(reached(figure), null);
  assert.equal(reached({ ...figure, goal: { least: 0.8 } }), false);
  assert.equal(reached({ ...figure, goal: { most: 0.8 } }), true);
  assert.equal(reached({ ...figure, value: NaN, goal: { most: 0.8 } }), false);
});

Deno.test("table() marks what is missed", () => {
  const [head, , first, second] = table([
    { ...figure, goal: { least: 0.8 }, note: "floor 2" },
    { ...figure, value: 1234.5, unit: "/s" },
  ]).split("\n");
  assert.match(head ?? "", /^\| what +\| on +\| figure/);
  assert.match(first ?? "", /^\| create +\| file +\| 0\.79 of it +\| >= 0\.8 +\| MISSED +\| floor 2 +\|$/);
  assert.match(second ?? "", /\| 1235 \/s|\| 1234 \/s/);
});
