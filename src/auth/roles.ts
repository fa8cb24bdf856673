import { type Scope, SCOPES } from "./scopes.ts";

/** What a person may do in the console. A person has one role or several. */
export const ROLES = ["viewer", "cashier", "finance", "approver", "admin", "platform"] as const;
export type Role = typeof ROLES[number];

/** The roles that a merchant gives. `platform` comes from the command line only. */
export const MERCHANT_ROLES = ["viewer", "cashier", "finance", "approver", "admin"] as const satisfies readonly Role[];

const KNOWN_ROLES: ReadonlySet<string> = new Set(ROLES);
export const isRole = (text: string): text is Role => KNOWN_ROLES.has(text);

/** Everything that can be read but the audit trail, which names who did what from where. */
const READ = SCOPES.filter((scope) => scope.endsWith(":read") && scope !== "audit:read");
const SELL = ["checkouts:read", "checkouts:write", "payments:read", "payments:write", "shortcodes:read"] as const;
const PAY = ["payouts:write", "refunds:write", "accounts:write"] as const;

const SCOPES_OF: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: READ,
  cashier: SELL,
  finance: [...READ, ...SELL, ...PAY],
  approver: [...READ, "payouts:approve"],
  admin: SCOPES.filter((scope) => scope !== "platform"),
  platform: [...READ, "audit:read", "platform"],
};

/** The scopes of the API that the roles have together. */
export const scopesOf = (roles: readonly Role[]): ReadonlySet<Scope> =>
  new Set(roles.flatMap((role) => SCOPES_OF[role]));
