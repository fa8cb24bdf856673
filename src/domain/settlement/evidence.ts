/**
 * The bit of evidence, of payouts and of refunds, that says: a person gave one receipt for this one, and M-Pesa reported
 * the same receipt for another (or the reverse). Bits are stored: never change it.
 */
export const RECEIPT_SHARED: number = 1 << 19;
