import type { Statement } from "../db/database.ts";

/** What a person agrees to by their passkey. */
export const SIGNED_ACTIONS = [
  "payout.approve",
  "payout_batch.approve",
  "payout.resolve",
  "refund.resolve",
  "change.confirm",
  "payouts.resume",
] as const;
export type SignedAction = typeof SIGNED_ACTIONS[number];

/** What is signed: an action, what it is about, and the keyed digest of all that decides about it. */
export interface Signed {
  readonly action: SignedAction;
  readonly subjectId: string;
  readonly digest: string;
}

/** A signature that was verified when the request came. It counts once it is stored with what it is for. */
export interface Signature extends Signed {
  readonly personId: string;
  readonly passkeyId: string;
  /** In base64url, as the browser sent them. */
  readonly challenge: string;
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signature: string;
  /** Statements: the challenge was answered, and the passkey was used. */
  readonly use: readonly Statement[];
}
