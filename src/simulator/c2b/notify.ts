import { type Account, decimal } from "../core/accounts.ts";
import { nairobiStamp } from "../core/nairobi-time.ts";
import type { World } from "../core/world.ts";
import type { C2bRegistration } from "../options.ts";
import { nameOf } from "../core/people.ts";

/** One payment by a customer, as the shop's addresses hear of it. */
export interface C2bPayment {
  readonly receipt: string;
  /** Whole shillings. */
  readonly amount: number;
  readonly phone: string;
  /** What the customer typed; ignored for a till. */
  readonly reference: string;
  readonly at: number;
  /** What the validation answered, echoed in the confirmation. */
  readonly thirdPartyId: string;
}

/** The flat, all-strings payload of validation and confirmation (daraja.md section 5.3). */
export async function c2bPayload(
  account: Account,
  version: C2bRegistration["version"],
  payment: C2bPayment,
  balance: string,
): Promise<string> {
  const name = nameOf(payment.phone);
  const till = account.shortcode.kind === "till";
  return JSON.stringify({
    TransactionType: till ? "Buy Goods" : "Pay Bill",
    TransID: payment.receipt,
    TransTime: nairobiStamp(payment.at),
    TransAmount: `${payment.amount}.00`,
    BusinessShortCode: account.number,
    BillRefNumber: till ? "" : payment.reference,
    InvoiceNumber: "",
    OrgAccountBalance: balance,
    ThirdPartyTransID: payment.thirdPartyId,
    MSISDN: version === 1 ? await sha256Hex(payment.phone) : maskedPhone(payment.phone),
    FirstName: name.first,
    MiddleName: version === 1 ? name.middle : "",
    LastName: version === 1 ? name.last : "",
  });
}

/** Tells the registered address that the money has moved, once. True when it answered 2xx. */
export async function sendConfirmation(
  world: World,
  account: Account,
  registration: C2bRegistration,
  payment: C2bPayment,
): Promise<boolean> {
  const json = await c2bPayload(account, registration.version, payment, decimal(account.utilityCents));
  const answer = await world.outbox.post(registration.confirmationUrl, account.number, json);
  return answer !== undefined && answer.status >= 200 && answer.status < 300;
}

/** `2547 ***** 126` */
function maskedPhone(phone: string): string {
  return `${phone.slice(0, 4)} ***** ${phone.slice(-3)}`;
}

async function sha256Hex(value: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(value));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
