/** The ways in which a request to Daraja can end, by what each proves. Amounts are cents of KES, times ms. */

import type { FailureCode } from "./failures.ts";
import type { Field } from "./field.ts";

/**
 * What is known after a request. `rejected`: Daraja provably did not take it. `ambiguous`: Daraja may have taken it, so
 * it must never be sent again with a new id. `unreachable`: it provably never left this process. Messages are redacted.
 */
export type Answer<T> = Accepted<T> | Rejected | Ambiguous | Unreachable;

export interface Accepted<T> {
  readonly outcome: "accepted";
  readonly value: T;
}

export interface Rejected {
  readonly outcome: "rejected";
  readonly code: FailureCode;
  readonly darajaCode: string | null;
  readonly message: string;
  /** How many ms Daraja asks to wait (spike arrest). */
  readonly retryAfterMs?: number;
  /** Daraja refused our credentials or token, and so never looked at the request: the same request may be sent later. */
  readonly isTokenRefused?: true;
}

export interface Ambiguous {
  readonly outcome: "ambiguous";
  readonly reason: AmbiguousReason;
  readonly darajaCode: string | null;
  readonly message: string;
  /** Daraja says that it knows this originator id, so it took the earlier request (daraja.md section 6). */
  readonly duplicate?: boolean;
}

export interface Unreachable {
  readonly outcome: "unreachable";
  readonly reason: UnreachableReason;
  readonly retryAfterMs?: number;
}

export type AmbiguousReason =
  | "timeout"
  | "connection_cut"
  | "server_error"
  | "not_json"
  | "unreadable_answer"
  | "unknown_code"
  | "answer_too_large";

export type UnreachableReason =
  | "connection_refused"
  | "name_not_found"
  | "tls_failure"
  | "connect_failed"
  | "breaker_open"
  | "token_unavailable"
  | "paced"
  /** This process was stopped between the decision to send and the call. */
  | "stalled";

export interface StkAccepted {
  readonly checkoutRequestId: string;
  readonly merchantRequestId: string;
}

/** A query proves a payment (`paid`), proves that there is none (`failed`, only by terminal codes), or proves nothing (`pending`). */
export type StkQueryOutcome =
  | { readonly kind: "paid"; readonly resultCode: string; readonly description: string }
  | {
    readonly kind: "failed";
    readonly resultCode: string;
    readonly description: string;
    readonly failure: FailureCode;
  }
  | {
    readonly kind: "pending";
    readonly reason: PendingReason;
    readonly retryAfterMs?: number;
    /** Daraja's code, if it gave one. */
    readonly resultCode?: string;
  };

export type PendingReason =
  | "processing"
  | "not_found"
  | "needs_review"
  | "unknown_code"
  | "rate_limited"
  | "server_error"
  | "unreadable_answer"
  | "unreachable"
  | "refused"
  | "credentials_rejected";

export interface AsyncAccepted {
  readonly conversationId: string;
  readonly originatorConversationId: string | null;
}

/** The name behind a phone, as far as Safaricom shows it: `john M****** M******`. */
export interface NameFound {
  readonly name: string;
}

export interface QrImage {
  /** A PNG in base64. */
  readonly png: string;
}

/** A C2B payment in Daraja's pull list. */
export interface PullRow {
  readonly transactionId: string;
  /** Cents. */
  readonly amount: number;
  /** ms since the epoch. */
  readonly at: Field<number>;
  readonly phone: Field<string>;
  readonly sender: string | null;
  readonly transactionType: string | null;
  readonly billReference: Field<string>;
  readonly organizationName: string | null;
}

/** A row that can't be recorded: its receipt or its amount is absent or unreadable, or its amount is zero. */
export interface UnreadablePullRow {
  /** Null if it has no receipt that can be read. */
  readonly transactionId: string | null;
  readonly reason:
    | "no_transaction_id"
    | "transaction_id_unreadable"
    | "no_amount"
    | "amount_unreadable"
    | "wrong_shape";
  /** The row as JSON. It may name a person: never log it. */
  readonly text: string;
}

export interface PullPage {
  readonly rows: readonly PullRow[];
  readonly unreadable: readonly UnreadablePullRow[];
}
