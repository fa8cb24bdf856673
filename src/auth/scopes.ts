/** Every scope. A scope is a permission of a client; its token lists those that were granted. */
export const SCOPES = [
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

export type Scope = typeof SCOPES[number];

const KNOWN_SCOPES: ReadonlySet<string> = new Set(SCOPES);

/** Whether a text names a scope. */
export const isScope = (text: string): text is Scope => KNOWN_SCOPES.has(text);
