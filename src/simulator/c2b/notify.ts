import { type Account, decimal } from "../core/accounts.ts";
import { nairobiStamp } from "../core/nairobi-time.ts";
import type { World } from "../core/world.ts";
import type { C2bRegistration } from "../options.ts";
import { nameOf } from "../core/people.ts";

/** One payment by a customer, as it is sent to the registered URLs. */
export interface C2bPayment {
  readonly receipt: string;
  /** Whole shillings. */
  readonly amount: number;
  readonly phone: string;
  /** The account that the customer typed; ignored for a till. */
  readonly reference: string;
  /** ms since the epoch. */
  readonly at: number;
  /** The value that the validation answered; the confirmation repeats it. */
  readonly thirdPartyId: string;
}

/** The payload of validation and confirmation: flat JSON with strings only (daraja.md section 5.3). */
export async function c2bPayload(
  account: Account,
  version: C2bRegistration["version"],
  payment: C2bPayment,
  balance: string,
): Promise<string> {
  const name = nameOf(payment.phone);
  const isTill = account.shortcode.kind === "till";
  return JSON.stringify({
    TransactionType: isTill ? "Buy Goods" : "Pay Bill",
    TransID: payment.receipt,
    TransTime: nairobiStamp(payment.at),
    TransAmount: `${payment.amount}.00`,
    BusinessShortCode: account.number,
    BillRefNumber: isTill ? "" : payment.reference,
    InvoiceNumber: "",
    OrgAccountBalance: balance,
    ThirdPartyTransID: payment.thirdPartyId,
    MSISDN: version === 1 ? await sha256Hex(payment.phone) : maskedPhone(payment.phone),
    FirstName: name.first,
    MiddleName: version === 1 ? name.middle : "",
    LastName: version === 1 ? name.last : "",
  });
}

/** Sends the confirmation to the registered URL, once. True if the answer is 2xx. */
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
