import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import type { PaymentDetail } from "../../../src/domain/payments/contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import type { Answer, CallOptions } from "../../support/client.ts";
import type { InProcess } from "../../support/in-process.ts";

export { createCheckout, getCheckout };

/** The simulator's answer to a customer's own payment. */
export interface Paid {
  readonly receipt: string | null;
  readonly validated: boolean;
  readonly confirmed: boolean;
}

let customers = 0;

/** A customer pays the demo paybill. Returns when all work that follows has ended. `amount` in shillings. */
export async function pay(
  run: InProcess,
  account: string,
  amount: number,
  changes: { readonly phone?: string; readonly shortcode?: string } = {},
): Promise<Paid> {
  const phone = `2547${String(10_000_000 + customers++).slice(-8)}`;
  const response = await run.simulator.app.request("/_simulator/c2b", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ shortcode: "600000", amount, phone, account_reference: account, ...changes }),
  });
  const paid: Paid = await response.json();
  await run.idle();
  return paid;
}

/** All payments of the demo merchant, page by page. */
export async function allPayments(run: InProcess, filter = ""): Promise<PaymentView[]> {
  const all: PaymentView[] = [];
  for (let cursor = "";;) {
    const { body } = await run.call<{ data: PaymentView[]; next_cursor: string | null }>(
      "GET",
      `/v1/payments?limit=100${filter}${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    all.push(...body.data);
    if (body.next_cursor === null) return all;
    cursor = body.next_cursor;
  }
}

/** The payment of a receipt, in full. */
export async function paymentOf(run: InProcess, receipt: string | null): Promise<PaymentDetail> {
  const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${receipt}`);
  const detail = await run.call<PaymentDetail>("GET", `/v1/payments/${body.data[0]?.id}`);
  return detail.body;
}

export const match = (
  run: InProcess,
  payment: string,
  checkout: string,
  options: CallOptions = {},
): Promise<Answer<PaymentDetail>> =>
  run.call<PaymentDetail>("POST", `/v1/payments/${payment}/match`, { checkout }, options);

/** A checkout that waits for money at the paybill, under an account that customers can type. */
export const awaiting = (run: InProcess, account: string, amount = 150_000): Promise<CheckoutView> =>
  createCheckout(run, { account_reference: account, amount });
