/** What may be asked of Daraja. Amounts are cents of KES and whole shillings, phones 12 digits, shortcodes digits. */

export interface StkPush {
  /** The paybill, or the till's store number. */
  readonly businessShortcode: string;
  /** The paybill again, or the till number. */
  readonly partyB: string;
  readonly transactionType: "paybill" | "till";
  readonly passkey: string;
  /** Cents; a multiple of 100. */
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

/** The API operator that asks: its name and the encrypted password (`securityCredential`). */
export interface Initiator {
  readonly name: string;
  readonly securityCredential: string;
}

/** Where Daraja sends what it answers later. */
export interface ResultUrls {
  readonly resultUrl: string;
  readonly timeoutUrl: string;
}

export interface B2cPayment extends ResultUrls {
  /** v3 unless given; v1 takes no originator id from us (daraja.md section 6). */
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
  /** Either the M-Pesa receipt, or the id of the request that is asked after. */
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
 * A payment to a business. Daraja documents no id of ours here (daraja.md section 7.4): an ambiguous answer is settled
 * by the result at its own URLs or by a person, and is never sent again.
 */
export interface B2bPayment extends ResultUrls {
  readonly shortcode: string;
  readonly initiator: Initiator;
  readonly destination: "paybill" | "till" | "bulk" | "utility";
  readonly receiver: string;
  readonly amount: number;
  readonly accountReference: string;
  /** The consumer on whose behalf it is paid, 12 digits. */
  readonly requester?: string;
  readonly remarks: string;
  readonly occasion?: string;
  /** Overrides the receiver type "4"; one project needed "2" for tills (daraja.md section 7.4). */
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
  /** Pixels; 300 unless given. */
  readonly size?: number;
}

export interface PullRegistration {
  readonly shortcode: string;
  readonly nominatedNumber: string;
  readonly callbackUrl: string;
}

export interface PullQuery {
  readonly shortcode: string;
  /** ms; Safaricom keeps 48 h. */
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
  /** `YYYY-MM-DD`, Nairobi. */
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
