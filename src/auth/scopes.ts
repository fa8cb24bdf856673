import { SCOPES } from "../config/scope-names.ts";

export { SCOPES };

/** What no API can grant: only the command line makes a client that reaches every merchant. */
export const PLATFORM = "platform" satisfies typeof SCOPES[number];

export type Scope = typeof SCOPES[number];

const KNOWN_SCOPES: ReadonlySet<string> = new Set(SCOPES);

/** The scopes that a merchant's clients can have. */
export const MERCHANT_SCOPES = SCOPES.filter((scope) => scope !== PLATFORM);

/** Whether a text names a scope. */
export const isScope = (text: string): text is Scope => KNOWN_SCOPES.has(text);
