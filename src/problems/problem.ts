/** Every problem code, with HTTP status and title. The `type` URLs and the reference page are made from this table. */
export const problems = {
  invalid_json: { status: 400, title: "The body is not valid JSON" },
  duplicate_keys: { status: 400, title: "The body names a key twice" },
  invalid_query: { status: 400, title: "A query parameter is not valid" },
  idempotency_key_missing: { status: 400, title: "The Idempotency-Key header is required" },
  idempotency_key_invalid: { status: 400, title: "The Idempotency-Key header is not valid" },
  token_missing: { status: 401, title: "An access token is required" },
  token_invalid: { status: 401, title: "The access token is not valid" },
  token_expired: { status: 401, title: "The access token has expired" },
  token_revoked: { status: 401, title: "The access token was revoked" },
  dpop_invalid: { status: 401, title: "A valid DPoP proof is required" },
  signature_invalid: { status: 403, title: "The request is not signed as it has to be" },
  address_not_allowed: { status: 403, title: "The client may not call from this address" },
  merchant_disabled: { status: 403, title: "The merchant is disabled" },
  insufficient_scope: { status: 403, title: "The access token lacks a scope" },
  scope_not_held: { status: 403, title: "A client grants only scopes that it has" },
  own_lineage: { status: 403, title: "Nobody decides about what their own lineage has created" },
  other_lineage: { status: 403, title: "The client belongs to another lineage" },
  signature_required: { status: 403, title: "A person signs this by passkey" },
  own_payout: { status: 403, title: "A payout is approved by another client than its creator" },
  not_found: { status: 404, title: "Nothing is here" },
  method_not_allowed: { status: 405, title: "This path does not take that method" },
  request_timeout: { status: 408, title: "The body came too slowly" },
  idempotency_in_progress: { status: 409, title: "The first request with this Idempotency-Key is still running" },
  checkout_not_open: { status: 409, title: "The checkout no longer takes this" },
  phone_busy: { status: 409, title: "The phone already has a prompt" },
  refunded_already: { status: 409, title: "Money of this payment was given back already" },
  wrong_state: { status: 409, title: "The current state does not allow this" },
  payout_changed: { status: 409, title: "What was looked at is not what is stored" },
  change_stale: { status: 409, title: "The change no longer fits" },
  looks_like_a_duplicate: { status: 409, title: "An earlier request looks the same" },
  payments_in_use: { status: 409, title: "Something was built on the payments of this run" },
  shortcode_taken: { status: 409, title: "The shortcode can't be added" },
  urls_already_registered: { status: 409, title: "The shortcode has registered addresses already" },
  email_taken: { status: 409, title: "Somebody has this e-mail address already" },
  last_admin: { status: 409, title: "A merchant keeps at least one admin" },
  conflict: { status: 409, title: "Someone else changed this at the same time" },
  body_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The content type is not supported" },
  validation_failed: { status: 422, title: "The request has fields that are not valid" },
  statement_shortcode_mismatch: { status: 422, title: "The statement is of another shortcode" },
  idempotency_key_reused: { status: 422, title: "The Idempotency-Key was used with another request" },
  daraja_refused: { status: 422, title: "M-Pesa refused the request" },
  limit_exceeded: { status: 422, title: "A transaction limit would be exceeded" },
  rate_limited: { status: 429, title: "Too many requests" },
  prompts_limited: { status: 429, title: "Too many payment prompts" },
  request_aborted: { status: 499, title: "The caller ended the connection" },
  internal_error: { status: 500, title: "Something failed on our side" },
  daraja_unavailable: { status: 503, title: "M-Pesa can't be reached" },
  issuer_unavailable: { status: 503, title: "The keys of the token's issuer can't be read" },
  unavailable: { status: 503, title: "The service cannot take this now" },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof problems;

/** One wrong field: `pointer` is a JSON Pointer into the body, or the name of a query parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** A failure with a stable code. Callers see `detail`: it says what was wrong, what was expected and what to do. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  /** The earlier resource that this request repeats. */
  readonly duplicateOf: string | null;
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    extra: {
      readonly errors?: readonly FieldError[];
      readonly retryAfterSeconds?: number;
      readonly duplicateOf?: string | null;
    } = {},
  ) {
    super(`${code}: ${detail}`);
    this.errors = extra.errors ?? [];
    this.retryAfterSeconds = extra.retryAfterSeconds;
    this.duplicateOf = extra.duplicateOf ?? null;
  }
}

/** A field with a wrong value: 422 `validation_failed` with its JSON Pointer. */
export const invalidField = (pointer: string, detail: string): Problem =>
  new Problem("validation_failed", `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
