import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import { createCheckout } from "./checkouts.ts";
import type { InProcess } from "./in-process.ts";

/** The demo merchant's paybill and till, and the other merchant's paybill, as the seed makes them. */
export const PAYBILL = { id: "sho_01kamcvd000000000000000001", number: "600000" } as const;
export const TILL = { id: "sho_01kamcvd000000000000000002", number: "500000" } as const;
export const OTHER_PAYBILL = { id: "sho_01kamcvd000000000000000003", number: "600001" } as const;

/** One transfer that happened: `amount` in shillings, `at` in ms. */
export interface Transfer {
  readonly receipt: string;
  readonly amount: number;
  readonly at: number;
}

/** ms as M-Pesa writes them, in Nairobi's time: `20261124123000`. */
export const mpesaTime = (ms: number): string =>
  new Date(ms + 3 * 3_600_000).toISOString().replaceAll(/\D/g, "").slice(0, 14);

/** A checkout whose prompt never calls back; a query says paid. */
export const prompted = (run: InProcess, changes: Readonly<Record<string, unknown>> = {}): Promise<CheckoutView> =>
  createCheckout(run, { phone_number: "254700009001", ...changes });

/** Daraja calls back: the attempt was paid by this transfer. */
export async function callback(run: InProcess, attemptId: string, transfer: Transfer): Promise<void> {
  await postCallback(run, attemptId, transfer);
  await run.idle();
}

/** The same, and does not wait until it was handled. */
export async function postCallback(
  run: InProcess,
  attemptId: string,
  { receipt, amount, at }: Transfer,
): Promise<void> {
  const body = {
    Body: {
      stkCallback: {
        MerchantRequestID: "29115-34620561-1",
        CheckoutRequestID: `ws_CO_${receipt}`,
        ResultCode: 0,
        ResultDesc: "The service request is processed successfully.",
        CallbackMetadata: {
          Item: [
            { Name: "Amount", Value: amount },
            { Name: "MpesaReceiptNumber", Value: receipt },
            { Name: "TransactionDate", Value: Number(mpesaTime(at)) },
            { Name: "PhoneNumber", Value: 254700009001 },
          ],
        },
      },
    },
  };
  await run.notify(run.services.capabilities.mint("stk", attemptId), JSON.stringify(body));
}

/** M-Pesa confirms the transfer at a shortcode; `account` null at a till. */
export async function confirmation(
  run: InProcess,
  shortcode: { readonly id: string; readonly number: string },
  account: string | null,
  { receipt, amount, at }: Transfer,
): Promise<void> {
  const body = {
    TransactionType: account === null ? "Buy Goods" : "Pay Bill",
    TransID: receipt,
    TransTime: mpesaTime(at),
    TransAmount: `${amount}.00`,
    BusinessShortCode: shortcode.number,
    BillRefNumber: account ?? "",
    MSISDN: "2547 ***** 126",
    FirstName: "JANE",
  };
  await run.notify(run.services.capabilities.mint("c2b_confirmation", shortcode.id), JSON.stringify(body));
  await run.idle();
}

/** A person refreshes a checkout: the query says paid, and names no receipt. */
export async function refreshed(run: InProcess, checkout: CheckoutView): Promise<void> {
  await run.call("POST", `/v1/checkouts/${checkout.id}/refresh`);
  await run.idle();
}

/** A pseudo-random order of the same things, by a seed. */
export function shuffled<T>(all: readonly T[], seed: number): T[] {
  let state = seed * 2_654_435_761 % 4_294_967_296;
  const next = () => (state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296;
  return all.map((one) => ({ one, at: next() })).sort((a, b) => a.at - b.at).map(({ one }) => one);
}
