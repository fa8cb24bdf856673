import assert from "node:assert/strict";
import { explore } from "./explore.ts";
import { checkout, payout, refund, standingOrder } from "./machines.ts";

Deno.test("every sequence of three facts about a checkout with two attempts ends where their set implies", () => {
  const { states, sequences } = explore(checkout, 3);
  assert.ok(states > 4_000 && sequences > 20_000, `${states} states, ${sequences} sequences`);
});

Deno.test("every sequence of four facts about a payout ends where their set implies, and none without a way out", () => {
  const { states, sequences } = explore(payout, 4);
  assert.ok(states > 5_000 && sequences > 100_000, `${states} states, ${sequences} sequences`);
});

Deno.test("every sequence of all facts about a refund ends where their set implies, and none without a way out", () => {
  const { sequences } = explore(refund, refund.facts.length);
  assert.ok(sequences > 1_000_000, `${sequences} sequences`);
});

Deno.test("every sequence of all facts about a standing order ends where their set implies, and none without a way out", () => {
  const { states, sequences } = explore(standingOrder, standingOrder.facts.length);
  assert.ok(states > 200 && sequences > 100_000, `${states} states, ${sequences} sequences`);
});

Deno.test("a machine that depends on the order is found", () => {
  const last = {
    ...payout,
    key: (state: typeof payout.start) => JSON.stringify([state.status, state.updated_at]),
    apply: (state: typeof payout.start, told: (typeof payout.facts)[number], step: number) => ({
      ...payout.apply(state, told, step),
      updated_at: told.kind === "paid" ? 1 : told.kind === "overdue" ? 2 : state.updated_at,
    }),
  };
  assert.throws(() => explore(last, 3), /depends on the order|changes it/);
});
