import type { Call } from "./tape.ts";

/** Cents. */
export const AMOUNT = 150_000;
export const PAYOUT_AMOUNT = 10_000;

/**
 * The n-th phone, as a shop would send it: each another one, in no order (or the floor, which keeps phones as they are,
 * would write its index in order). A last four that begins with 5 is of no scenario of the simulator.
 */
export function phone(n: number): string {
  const scattered = String((n * 7_654_321 + 1_234_567) % 10_000_000).padStart(7, "0");
  return `07${scattered.slice(0, 4)}5${scattered.slice(4)}`;
}

const json = { "content-type": "application/json" };

/** The headers of a merchant's call; `key` where it changes something. */
export const headersOf = (token: string, key?: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...(key === undefined ? {} : { ...json, "idempotency-key": key }),
});

export const createCall = (token: string, n: number): Call => ({
  method: "POST",
  path: "/v1/checkouts",
  headers: headersOf(token, `bench-create-${n}`),
  body: JSON.stringify({ amount: AMOUNT, currency: "KES", reference: `order-${n}`, phone_number: phone(n) }),
});

/** A checkout that prompts nobody: `account` is what a customer types. */
export const openCall = (token: string, n: number, account?: string): Call => ({
  method: "POST",
  path: "/v1/checkouts",
  headers: headersOf(token, `bench-open-${n}`),
  body: JSON.stringify({
    amount: AMOUNT,
    currency: "KES",
    reference: `order-${n}`,
    ...(account === undefined ? {} : { account_reference: account }),
  }),
});

export const payoutCall = (token: string, n: number): Call => ({
  method: "POST",
  path: "/v1/payouts",
  headers: headersOf(token, `bench-payout-${n}`),
  body: JSON.stringify({
    amount: PAYOUT_AMOUNT,
    currency: "KES",
    reference: `pay-${n}`,
    phone_number: phone(n),
    purpose: "business",
    remarks: "Bench",
  }),
});

export const tokenCall = (): Call => ({
  method: "POST",
  path: "/oauth/token",
  headers: {
    authorization: `Basic ${btoa("cli_demo:demo-secret")}`,
    "content-type": "application/x-www-form-urlencoded",
  },
  body: "grant_type=client_credentials",
});

const receipt = (n: number): string => `UKO${n.toString(36).toUpperCase().padStart(7, "0")}`;
const stamp = (): string => new Date(Date.now() + 3 * 3_600_000).toISOString().replaceAll(/\D/g, "").slice(0, 14);

/** The callback of a paid push, as Daraja words it (src/simulator/stk/callback.ts). */
export const callbackCall = (path: string, n: number, ids: CheckoutIds): Call => ({
  method: "POST",
  path,
  headers: { "content-type": "application/json;charset=UTF-8" },
  body: JSON.stringify({
    Body: {
      stkCallback: {
        ...ids,
        ResultCode: 0,
        ResultDesc: "The service request is processed successfully.",
        CallbackMetadata: {
          Item: [
            { Name: "Amount", Value: AMOUNT / 100 },
            { Name: "MpesaReceiptNumber", Value: receipt(n) },
            { Name: "TransactionDate", Value: Number(stamp()) },
            { Name: "PhoneNumber", Value: Number(`254${phone(n).slice(1)}`) },
          ],
        },
      },
    },
  }),
});

export interface CheckoutIds {
  readonly MerchantRequestID: string;
  readonly CheckoutRequestID: string;
}

/** Daraja's ids of the n-th push. */
export const idsOf = (n: number): CheckoutIds => ({
  MerchantRequestID: `5f0a-4e3c-8a2b-1d9e7c6b5a4f${n}`,
  CheckoutRequestID: `ws_CO_241120261538${String(n).padStart(9, "0")}${phone(n).slice(1)}`,
});

/** A C2B validation (src/simulator/c2b/notify.ts) of a payment to an account. */
export const validationCall = (path: string, account: string): Call => ({
  method: "POST",
  path,
  headers: { "content-type": "application/json;charset=UTF-8" },
  body: JSON.stringify({
    TransactionType: "Pay Bill",
    TransID: receipt(1),
    TransTime: stamp(),
    TransAmount: `${AMOUNT / 100}.00`,
    BusinessShortCode: "600000",
    BillRefNumber: account,
    InvoiceNumber: "",
    OrgAccountBalance: "",
    ThirdPartyTransID: "",
    MSISDN: "2547 ***** 126",
    FirstName: "JANE",
    MiddleName: "",
    LastName: "",
  }),
});
