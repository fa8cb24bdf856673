import type { ProblemCode } from "./types.ts";

/** Failures that never reached the service, or did not come from it. */
export type LocalCode =
  /** No answer came. What was asked may have happened: repeat it with the same idempotency key. */
  | "network_error"
  /** An answer came that is none of Malipo's, such as a proxy's page. */
  | "unexpected_answer"
  /** {@link Malipo.waitForCheckout} waited as long as it was told. The checkout may still be paid. */
  | "wait_timed_out"
  /** A webhook or signed result that must not be believed. */
  | "signature_invalid"
  /** The token endpoint refused (RFC 6749). */
  | "invalid_client"
  | "invalid_scope"
  | "invalid_request"
  | "unsupported_grant_type";

/** Every code there is today; a newer service may send another. */
export type MalipoErrorCode = ProblemCode | LocalCode | (string & Record<never, never>);

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
  readonly cause?: unknown;
}

/** Whatever goes wrong, apart from an abort of your own. Switch on `code`. */
export class MalipoError extends Error {
  override readonly name = "MalipoError";
  readonly code: MalipoErrorCode;
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Quote it when you ask for help. */
  readonly requestId: string | undefined;
  /** The fields that are wrong. */
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  /** The key of the request: with it the request may be repeated without doing it twice. */
  readonly idempotencyKey: string | undefined;

  constructor(message: string, details: MalipoErrorDetails) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = details.code;
    this.status = details.status ?? 0;
    this.requestId = details.requestId;
    this.errors = details.errors ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.idempotencyKey = details.idempotencyKey;
  }
}

/** Whether something thrown is a {@link MalipoError}, of one of the codes where some are given. */
export const isMalipoError = (error: unknown, ...codes: readonly MalipoErrorCode[]): error is MalipoError =>
  error instanceof MalipoError && (codes.length === 0 || codes.includes(error.code));
