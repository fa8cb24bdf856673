import type { PublicJwk } from "../auth/client-access.ts";

/** A signature of a request that was verified, with all that is needed to verify it again. */
export interface RequestSignature {
  readonly key: PublicJwk;
  /** The text that was signed. */
  readonly base: string;
  /** Base64. */
  readonly signature: string;
  /** The body, as text. */
  readonly body: string;
}
