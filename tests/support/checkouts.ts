import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import type { Answer, CallOptions } from "./client.ts";

/** What both ways of running the product can do. */
export interface Caller {
  call<T>(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer<T>>;
}

/** A good request for a checkout, with changes; `undefined` leaves a field out. */
export const checkoutBody = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  amount: 150_000,
  currency: "KES",
  reference: "order-1001",
  ...changes,
});

/** Creates a checkout; with a phone it is prompted. Fails unless that is answered 201. */
export async function createCheckout(
  caller: Caller,
  changes: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<CheckoutView> {
  const { status, body } = await caller.call<CheckoutView>("POST", "/v1/checkouts", checkoutBody(changes), options);
  if (status !== 201) throw new Error(`no checkout: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Reads a checkout. */
export async function getCheckout(caller: Caller, id: string, options: CallOptions = {}): Promise<CheckoutView> {
  const { status, body } = await caller.call<CheckoutView>("GET", `/v1/checkouts/${id}`, undefined, options);
  if (status !== 200) throw new Error(`no checkout ${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}
