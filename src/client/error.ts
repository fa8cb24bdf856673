import type { ProblemCode } from "./types.ts";

/** Codes of errors that do not come from the service itself. */
export type LocalCode =
  /** There was no answer. The request may have been carried out: repeat it with the same idempotency key. */
  | "network_error"
  /** The answer is not from Malipo, for example the error page of a proxy. */
  | "unexpected_answer"
  /** {@link Malipo} was made without a setting that it needs. */
  | "not_configured"
  /** A wait reached its time limit. The money may still move. */
  | "wait_timed_out"
  /** Nothing has changed yet: a second person confirms it. {@link MalipoError.changeRequest} is the id of what waits. */
  | "change_proposed"
  /** A webhook or a signed result that must not be trusted. */
  | "signature_invalid"
  /** The token endpoint refused (RFC 6749). */
  | "invalid_client"
  | "invalid_scope"
  | "invalid_request"
  | "unsupported_grant_type";

/**
 * Every code that exists today, so that a wrong name does not compile. A newer service may send others: leave a `default`
 * in a `switch`.
 */
export type MalipoErrorCode = ProblemCode | LocalCode;

/** One wrong field: `pointer` is a JSON Pointer into the body, or the name of a query parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

export interface MalipoErrorDetails {
  readonly code: MalipoErrorCode;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly changeRequest?: string | undefined;
  readonly cause?: unknown;
}

/** Every error of this package, except an abort by your own signal. Switch on `code`. */
export class MalipoError extends Error {
  override readonly name = "MalipoError";
  readonly code: MalipoErrorCode;
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** Quote it when you ask for help. */
  readonly requestId: string | undefined;
  /** The fields that are wrong. */
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  /** The key of the request. With the same key the request can be repeated, and is carried out once. */
  readonly idempotencyKey: string | undefined;

  /** With `change_proposed`: the id of the change request. */
  readonly changeRequest: string | undefined;

  constructor(message: string, details: MalipoErrorDetails) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = details.code;
    this.status = details.status ?? 0;
    this.requestId = details.requestId;
    this.errors = details.errors ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.idempotencyKey = details.idempotencyKey;
    this.changeRequest = details.changeRequest;
  }
}

/** Whether an error is a {@link MalipoError}; if codes are given, one with such a code. */
export const isMalipoError = (error: unknown, ...codes: readonly MalipoErrorCode[]): error is MalipoError =>
  error instanceof MalipoError && (codes.length === 0 || codes.includes(error.code));
