import assert from "node:assert/strict";
import type { Checkout } from "../../../src/domain/checkouts/machine.ts";
import { chooseCheckout } from "../../../src/domain/checkouts/machine.ts";
import { checkoutWithAttempts } from "../checkouts/fixtures.ts";

const base = checkoutWithAttempts(0).checkout;
const named = (id: string, changes: Partial<Checkout> = {}): Checkout => ({ ...base, id, ...changes });
const chosen = (candidates: readonly Checkout[], accountReference = "INV1", amount = 150_000): string | null =>
  chooseCheckout(candidates, { accountReference, amount, paidAt: base.created_at + 60_000 })?.id ?? null;

Deno.test("money pays an order that is being prompted, and not one of the same account that has ended", () => {
  assert.equal(chosen([named("ended", { status: "expired" }), named("prompted", { status: "pending" })]), "prompted");
});

Deno.test("an account that is exactly the same goes before one that is spelt alike", () => {
  const alike = named("alike", { account_reference: "inv-1" });
  assert.equal(chosen([alike, named("exact")]), "exact");
  assert.equal(chosen([alike]), "alike");
});
