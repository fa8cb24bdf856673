/** What the ledger's accounts are, each kept per shortcode. The posting rules live in `migrations/0006_ledger`. */
export const accounts = {
  /** What M-Pesa's utility account of the shortcode holds by our reckoning. */
  mpesa_utility: "asset",
  /** M-Pesa's working account: payments to businesses leave from here. */
  mpesa_working: "asset",
  /** M-Pesa's charges-paid account, which falls below zero by the fees. */
  mpesa_charges: "asset",
  /** What is the merchant's to spend. */
  merchant_available: "liability",
  /** Money that arrived and belongs to no checkout yet: unmatched or partial. */
  suspense: "liability",
  /** Duplicate payments, until they are given back. */
  refunds: "liability",
  /** M-Pesa's fees, where they are known. */
  fees: "expense",
} as const;

export type Account = keyof typeof accounts;

export const ACCOUNT_NAMES: readonly Account[] = Object.keys(accounts) as Account[]; // the keys are exactly these

/** A balance as people read it: what is held or spent counts up by debits, what is owed by credits. Cents. */
export const displayedBalance = (account: string, debitsLessCredits: number): number =>
  accounts[account as Account] === "liability" ? 0 - debitsLessCredits : debitsLessCredits;
