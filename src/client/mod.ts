/**
 * The client of the Malipo API.
 * @module
 */
export { Malipo } from "./malipo.ts";
export { type FieldError, isMalipoError, type LocalCode, MalipoError, type MalipoErrorCode } from "./error.ts";
export { List, type Page } from "./pages.ts";
export type { StatementOptions } from "./resources/reconciliations.ts";
export type { Returned } from "./return.ts";
export type { ApproveOptions } from "./resources/approve.ts";
export type { LedgerPage } from "./resources/ledger.ts";
export type { BatchOptions } from "./resources/payout-batches.ts";
export type { ClientKey } from "./proof.ts";
export type { Credentials } from "./settings.ts";
export type { CallLog, CallOptions, ChangeOptions, MalipoOptions } from "./transport.ts";
export type { WaitForPayoutOptions, WaitOptions } from "./wait.ts";
export { type WebhookEventOf, Webhooks } from "./webhooks.ts";
export { type HeadersLike, type VerifyOptions, verifyWebhook, type WebhookEvent } from "./webhook.ts";
export type * from "./types.ts";
