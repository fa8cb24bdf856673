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

Deno.test("beside an order that had expired and whose prompt may still be paid, none is chosen until the prompt has ended", () => {
  const late = { expires_at: base.created_at + 30_000 };
  const prompted = named("prompted", { ...late, status: "pending" });
  const ended = { ...late, status: "expired", expired_at: base.created_at + 30_000 } as const;
  assert.equal(chosen([named("other"), prompted]), null);
  assert.equal(chosen([named("other"), named("prompted", ended)]), "other");
  assert.equal(chosen([prompted]), "prompted", "there is no other");
});
