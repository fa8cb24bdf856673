import type { Role } from "../auth/roles.ts";
import type { Scope } from "../auth/scopes.ts";

/** Who looks at a page of the console. */
export interface Viewer {
  readonly person: { readonly id: string; readonly name: string; readonly email: string };
  /** The merchant of the page: the person's own, or for people of the platform the one in the path. */
  readonly merchantId: string;
  readonly merchantName: string;
  /** The merchant that the person belongs to. */
  readonly homeMerchantId: string;
  readonly roles: readonly Role[];
  /** What the roles may do in the API. Verbs check it. */
  readonly scopes: ReadonlySet<Scope>;
  readonly isPlatform: boolean;
  /** Goes into each form, as the field `csrf`. */
  readonly csrfToken: string;
  readonly sessionId: string;
  /** How the person signed in. */
  readonly method: "link" | "passkey" | "oidc";
  /** When the session began (ms). */
  readonly signedInAt: number;
  /** When the session ends if nothing more is done (ms). */
  readonly sessionEndsAt: number;
  readonly language: "en" | "sw";
}
