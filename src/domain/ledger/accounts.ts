/** The ledger's accounts. Each shortcode has its own. The posting rules are triggers, in `migrations/0006_ledger`. */
export const accounts = {
  /** The shortcode's utility account at M-Pesa, as we calculate it. */
  mpesa_utility: "asset",
  /** The working account at M-Pesa. Payments to businesses are paid from it. */
  mpesa_working: "asset",
  /** The charges-paid account at M-Pesa. Fees take it below zero. */
  mpesa_charges: "asset",
  /** Money that the merchant can spend. */
  merchant_available: "liability",
  /** Money that has arrived and belongs to no checkout yet: unmatched or partial payments. */
  suspense: "liability",
  /** Duplicate payments that have not been refunded yet. */
  refunds: "liability",
  /** M-Pesa's fees, as far as they are known. */
  fees: "expense",
} as const;

export type Account = keyof typeof accounts;

export const ACCOUNT_NAMES: readonly Account[] = Object.keys(accounts) as Account[]; // the keys are exactly these

/** The balance of an account as people read it, in cents: assets and expenses grow by debits, liabilities by credits. */
export const displayedBalance = (account: string, debitsLessCredits: number): number =>
  accounts[account as Account] === "liability" ? 0 - debitsLessCredits : debitsLessCredits;
