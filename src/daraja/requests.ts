/** The requests to Daraja. Amounts are cents of KES and multiples of 100; phones are 12 digits, shortcodes digits. */

export interface StkPush {
  /** The paybill, or the till's store number. */
  readonly businessShortcode: string;
  /** The paybill again, or the till number. */
  readonly partyB: string;
  readonly transactionType: "paybill" | "till";
  readonly passkey: string;
  readonly amount: number;
  readonly phone: string;
  readonly callbackUrl: string;
  readonly accountReference: string;
  readonly description: string;
}

export interface StkQuery {
  readonly businessShortcode: string;
  readonly passkey: string;
  readonly checkoutRequestId: string;
}

/** The API operator in whose name Daraja acts: its name and its encrypted password (`securityCredential`). */
export interface Initiator {
  readonly name: string;
  readonly securityCredential: string;
}

/** The URLs to which Daraja sends the result of an asynchronous request, or its queue timeout. */
export interface ResultUrls {
  readonly resultUrl: string;
  readonly timeoutUrl: string;
}

export interface B2cPayment extends ResultUrls {
  /** v3 unless given; v1 does not accept an originator id of ours (daraja.md section 6). */
  readonly version?: "v1" | "v3";
  readonly originatorConversationId: string;
  readonly shortcode: string;
  readonly initiator: Initiator;
  readonly purpose: "business" | "salary" | "promotion";
  readonly amount: number;
  readonly phone: string;
  readonly remarks: string;
  readonly occasion?: string;
}

export interface TransactionStatusQuery extends ResultUrls {
  readonly shortcode: string;
  readonly initiator: Initiator;
  /** Either the M-Pesa receipt, or the conversation id of the request that the query is about. */
  readonly of: { readonly transactionId: string } | { readonly originalConversationId: string };
  readonly remarks?: string;
  readonly occasion?: string;
}

export interface BalanceQuery extends ResultUrls {
  readonly shortcode: string;
  readonly initiator: Initiator;
  readonly remarks?: string;
}

export interface Reversal extends ResultUrls {
  readonly shortcode: string;
  readonly initiator: Initiator;
  /** The receipt of the payment to reverse. */
  readonly transactionId: string;
  readonly amount: number;
  readonly remarks: string;
  readonly occasion?: string;
}

/**
 * A payment to a business. Daraja documents no id of ours for it (daraja.md section 7.4). So after an ambiguous answer it
 * is never sent again: the result at its own URLs, or a person, decides.
 */
export interface B2bPayment extends ResultUrls {
  readonly shortcode: string;
  readonly initiator: Initiator;
  readonly destination: "paybill" | "till" | "bulk" | "utility";
  readonly receiver: string;
  readonly amount: number;
  readonly accountReference: string;
  /** The phone of the consumer for whom it is paid, 12 digits. */
  readonly requester?: string;
  readonly remarks: string;
  readonly occasion?: string;
  /** The receiver type; "4" unless given. One project needed "2" for tills (daraja.md section 7.4). */
  readonly receiverIdentifierType?: "2" | "4";
}

export interface TaxRemittance extends ResultUrls {
  readonly shortcode: string;
  readonly initiator: Initiator;
  readonly amount: number;
  /** KRA's payment registration number. */
  readonly paymentRegistrationNumber: string;
  readonly remarks: string;
}

export interface UrlRegistration {
  readonly version: "v1" | "v2";
  readonly shortcode: string;
  readonly responseType: "Completed" | "Cancelled";
  readonly confirmationUrl: string;
  readonly validationUrl: string;
}

export interface QrRequest {
  readonly shortcode: string;
  readonly merchantName: string;
  readonly reference: string;
  readonly amount: number;
  readonly kind: "paybill" | "till";
  /** The paybill or till that is paid. */
  readonly payee: string;
  /** Width and height in pixels; 300 unless given. */
  readonly size?: number;
}

/** daraja.md section 7.11. */
export interface NameCheck {
  /** The paybill that is about to pay. */
  readonly shortcode: string;
  /** 12 digits. */
  readonly phone: string;
}

export interface PullRegistration {
  readonly shortcode: string;
  readonly nominatedNumber: string;
  readonly callbackUrl: string;
}

export interface PullQuery {
  readonly shortcode: string;
  /** ms since the epoch; Safaricom keeps the payments of 48 h. */
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

export interface StandingOrder {
  readonly name: string;
  readonly shortcode: string;
  readonly transactionType: "paybill" | "till";
  readonly amount: number;
  readonly phone: string;
  /** `YYYY-MM-DD` in Nairobi. */
  readonly startDay: string;
  readonly endDay: string;
  readonly frequency: StandingOrderFrequency;
  readonly accountReference: string;
  readonly description: string;
  readonly callbackUrl: string;
}

export type StandingOrderFrequency =
  | "once"
  | "daily"
  | "weekly"
  | "monthly"
  | "every_two_months"
  | "quarterly"
  | "half_yearly"
  | "yearly";
