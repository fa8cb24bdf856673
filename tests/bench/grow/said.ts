import type { StkAccepted } from "../../../src/daraja/daraja.ts";
import { nairobiStamp } from "../../../src/daraja/time.ts";

/** What Daraja posts, as the simulator writes it. Amounts in cents, times in ms. */

export interface Paid {
  readonly amount: number;
  readonly receipt: string;
  readonly at: number;
  readonly phone: string;
}

export const paidCallback = (ids: StkAccepted, { amount, receipt, at, phone }: Paid): string =>
  JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: ids.merchantRequestId,
        CheckoutRequestID: ids.checkoutRequestId,
        ResultCode: 0,
        ResultDesc: "The service request is processed successfully.",
        CallbackMetadata: {
          Item: [
            { Name: "Amount", Value: amount / 100 },
            { Name: "MpesaReceiptNumber", Value: receipt },
            { Name: "TransactionDate", Value: Number(nairobiStamp(at)) },
            { Name: "PhoneNumber", Value: Number(phone) },
          ],
        },
      },
    },
  });

export const failedCallback = (ids: StkAccepted, code: number, description: string): string =>
  JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: ids.merchantRequestId,
        CheckoutRequestID: ids.checkoutRequestId,
        ResultCode: code,
        ResultDesc: description,
      },
    },
  });

export const confirmation = (
  { amount, receipt, at, phone }: Paid,
  shop: string,
  account: string,
  name: string,
): string =>
  JSON.stringify({
    TransactionType: "Pay Bill",
    TransID: receipt,
    TransTime: nairobiStamp(at),
    TransAmount: `${amount / 100}.00`,
    BusinessShortCode: shop,
    BillRefNumber: account,
    InvoiceNumber: "",
    OrgAccountBalance: "1000000.00",
    ThirdPartyTransID: "",
    MSISDN: `${phone.slice(0, 4)} ***** ${phone.slice(-3)}`,
    FirstName: name,
    MiddleName: "",
    LastName: "",
  });
