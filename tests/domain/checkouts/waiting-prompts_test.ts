import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import { systemContext } from "../../../src/context/context.ts";
import { ConstraintError } from "../../../src/db/database.ts";
import {
  type Arrival,
  choosePrompt,
  findWaitingCheckout,
  fits,
  type WaitingPrompt,
} from "../../../src/domain/checkouts/waiting-prompts.ts";
import { PAYBILL, prompted, refreshed, TILL } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";

const MINUTE = 60_000;
const NOW = 1_795_000_000_000;

/** A prompt that was pushed ten minutes ago, and that a query called paid eight minutes ago. */
const prompt = (name: string, changes: Partial<WaitingPrompt> = {}): WaitingPrompt => ({
  paymentId: `pay_${name}`,
  checkoutId: `chk_${name}`,
  account: "INV-1",
  pushedAt: NOW - 10 * MINUTE,
  knownPaidAt: NOW - 8 * MINUTE,
  inferred: null,
  ...changes,
});
const arrival = (changes: Partial<Arrival> = {}): Arrival => ({
  receipt: "UKM0000AAA",
  amount: 150_000,
  accountReference: "INV-1",
  paidAt: NOW - 9 * MINUTE,
  ...changes,
});

Deno.test("money is a prompt's if it moved between the push and the query, by five minutes more on both sides", () => {
  const one = prompt("a");
  const at = (paidAt: number | null, now = NOW) => fits(one, arrival({ paidAt }), now);
  for (const minutes of [15, 10, 8, 3]) assert.equal(at(NOW - minutes * MINUTE), true, `${minutes} minutes ago`);
  for (const minutes of [16, 2, 0]) assert.equal(at(NOW - minutes * MINUTE), false, `${minutes} minutes ago`);
  assert.equal(at(null), true);
  assert.equal(at(null, NOW + 21 * MINUTE), true);
  assert.equal(at(null, NOW + 23 * MINUTE), false, "without a time, half an hour after the query");
});

Deno.test("money that names another account is not the prompt's; money that names none may be", () => {
  const typed = (accountReference: string | null) => fits(prompt("a"), arrival({ accountReference }), NOW);
  assert.deepEqual(["INV-1", "inv 1", "INV1", null, "", "--"].map(typed), Array(6).fill(true));
  assert.deepEqual(["INV-2", "INV", "1"].map(typed), Array(3).fill(false));
});

Deno.test("one prompt that fits and is named has the money as its own; among several it is a guess", () => {
  const [a, b] = [prompt("a"), prompt("b", { knownPaidAt: NOW - 9 * MINUTE })];
  const taken = (
    prompts: readonly WaitingPrompt[],
    money = arrival(),
    rivals: { checkoutId: string; account: string }[] = [],
  ) => choosePrompt(prompts, money, NOW, rivals);
  assert.deepEqual(taken([a]), { checkoutId: "chk_a", takes: "pay_a", isInferred: false, displaces: null });
  for (const order of [[a, b], [b, a]]) {
    assert.deepEqual(
      taken(order),
      { checkoutId: "chk_b", takes: "pay_b", isInferred: true, displaces: null },
      "known the longest",
    );
  }
  assert.equal(taken([a], arrival({ accountReference: null })).isInferred, true, "at a till");
  assert.equal(taken([a], arrival(), [{ checkoutId: "chk_z", account: "INV-1" }]).isInferred, true, "a rival");
  assert.equal(
    taken([a], arrival(), [{ checkoutId: "chk_a", account: "INV-1" }]).isInferred,
    false,
    "not its own rival",
  );
  assert.equal(taken([a], arrival(), [{ checkoutId: "chk_z", account: "INV1" }]).isInferred, false, "spelt alike only");
  assert.equal(
    taken([prompt("c", { account: "INV1" })], arrival(), [{ checkoutId: "chk_z", account: "INV 1" }]).isInferred,
    true,
  );
  const alike = prompt("c", { account: "INV1", knownPaidAt: NOW - 10 * MINUTE });
  assert.deepEqual(
    taken([alike, a]),
    { checkoutId: "chk_a", takes: "pay_a", isInferred: false, displaces: null },
    "the exact account",
  );
});

Deno.test("earlier money takes the place of later money that was only inferred, and money that goes back gives way", () => {
  const inferred = (name: string, minutes: number, isGoingBack = false, receipt = `UKM000000${name}`) =>
    prompt(name, { inferred: { receipt, paidAt: NOW - minutes * MINUTE, isGoingBack } });
  const money = arrival({ paidAt: NOW - 8 * MINUTE });
  const chosen = (...prompts: WaitingPrompt[]) => choosePrompt(prompts, money, NOW);
  const nothing = { checkoutId: null, takes: null, isInferred: false, displaces: null };
  const givesWay = { checkoutId: "chk_a", takes: "pay_a", isInferred: true, displaces: "pay_a" };
  assert.deepEqual(chosen(inferred("a", 7)), givesWay);
  assert.deepEqual(chosen(inferred("a", 9)), nothing, "what came first stays");
  assert.deepEqual(chosen(inferred("a", 9, true)), givesWay);
  assert.equal(chosen(inferred("a", 7), inferred("b", 6)).displaces, "pay_b", "the latest");
  assert.equal(chosen(inferred("a", 9, true), inferred("b", 6)).displaces, "pay_a", "what is going back");
  assert.equal(chosen(inferred("a", 8, false, "UKM0000AAB")).displaces, "pay_a", "of one second the later receipt");
  assert.equal(chosen(inferred("a", 8, false, "UKM00000AA")).displaces, null);
  const noTime = choosePrompt([inferred("a", 7)], arrival({ paidAt: null }), NOW);
  assert.deepEqual(noTime, nothing, "without a time nothing gives way");
  assert.equal(chosen(inferred("a", 7), prompt("b")).checkoutId, "chk_b", "an empty prompt comes first");
});

const contextOf = (run: InProcess) => systemContext(run.services, DEMO_MERCHANT, "system", "test", () => {});

Deno.test("a prompt waits for money of its shortcode and amount, and not for what is taken from it", () =>
  inProcess(async (run) => {
    const made = await prompted(run, { account_reference: "INV-1" });
    await refreshed(run, made);
    const ctx = contextOf(run);
    const now = run.time.now();
    const find = (shortcode: string, changes: Partial<Arrival> = {}, except?: string) =>
      findWaitingCheckout(ctx, shortcode, arrival({ paidAt: now, ...changes }), now, except);
    assert.equal((await find(PAYBILL.id)).checkoutId, made.id);
    assert.equal((await find(TILL.id)).checkoutId, null);
    assert.equal((await find(PAYBILL.id, { amount: 149_900 })).checkoutId, null);
    assert.equal((await find(PAYBILL.id, {}, made.id)).checkoutId, null);
    assert.equal((await find(PAYBILL.id, { accountReference: "other" })).near, made.id);
  }));

Deno.test("money is not stored as nobody's while a prompt that was not read waits for it", () =>
  inProcess(async (run) => {
    const made = await prompted(run, { account_reference: "INV-1" });
    const ctx = contextOf(run);
    const find = () => findWaitingCheckout(ctx, PAYBILL.id, arrival({ paidAt: run.time.now() }), run.time.now());
    const before = await find();
    assert.equal(before.checkoutId, null);
    await run.db.write([before.guard]);
    await refreshed(run, made); // a query says paid meanwhile
    await assert.rejects(
      run.db.write([before.guard]),
      (error) => error instanceof ConstraintError && error.rule === "conflict",
    );
    await run.db.write([(await find()).guard]);
  }));
