/** Money at a paybill or till, as one source reports it: a confirmation, a pulled row or a row of a statement. */
export interface Money {
  readonly channel: "c2b" | "pull";
  readonly receipt: string;
  /** From a file that a person uploaded, so M-Pesa itself has not said it. */
  readonly uploaded: boolean;
  /** Cents. */
  readonly amount: number;
  /** As the customer typed it. */
  readonly accountReference: string | null;
  /** ms since the epoch. */
  readonly paidAt: number | null;
  /** 12 digits; null where the source masks or hashes it. */
  readonly phone: string | null;
  /** The SHA-256 of the number, where the source told that instead; it can only be compared. */
  readonly phoneHash?: string | null;
  /** The number with digits left out, as the source told it. */
  readonly phoneMasked?: string | null;
  readonly payerName: string | null;
  /**
   * What nobody whom we believe has named: the shortcode, because the `number` is nobody's here, or the account, because
   * only the sender of a confirmation that is not known to be Safaricom's has named it.
   */
  readonly unproven?: { readonly what: "shortcode"; readonly number: string } | { readonly what: "account" };
}
