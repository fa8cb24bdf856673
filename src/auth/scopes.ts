/** What a client may do. */
export const scopes = [
  "checkouts:read",
  "checkouts:write",
  "payments:read",
  "payments:write",
  "payouts:read",
  "payouts:write",
  "payouts:approve",
  "refunds:read",
  "refunds:write",
  "balances:read",
  "shortcodes:read",
  "shortcodes:write",
  "webhooks:read",
  "webhooks:write",
  "ledger:read",
  "operator",
] as const;

export type Scope = typeof scopes[number];

const known: ReadonlySet<string> = new Set(scopes);

/** Whether a text names a scope. */
export const isScope = (text: string): text is Scope => known.has(text);
