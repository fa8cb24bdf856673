/**
 * The client of the Malipo API.
 * @module
 */
export { Malipo } from "./malipo.ts";
export { type FieldError, isMalipoError, type LocalCode, MalipoError, type MalipoErrorCode } from "./error.ts";
export { List, type Page } from "./pages.ts";
export type { StatementOptions } from "./resources/reconciliations.ts";
export type { Returned } from "./return.ts";
export type { CallOptions, ChangeOptions, MalipoOptions } from "./transport.ts";
export type { WaitOptions } from "./wait.ts";
export { type HeadersLike, type VerifyOptions, verifyWebhook, type WebhookEvent } from "./webhook.ts";
export type * from "./types.ts";
