import type { Child } from "hono/jsx";
import type { Role } from "../../auth/roles.ts";
import type { Context } from "../../context/context.ts";
import type { Signed, SignedAction } from "../../context/signature.ts";
import type { Visit } from "../kit/visit.ts";
import type { SigningText } from "./text.ts";

/** What a page asks a person to sign: as it is now, and as the form has filled it in. */
export interface Agreement {
  readonly signed: Signed;
  /** Who made it: nobody signs their own. Null: whoever may, signs. */
  readonly madeBy: string | null;
  /** Payee, amount and reference: what the digest is made from, in words. */
  readonly facts: readonly (readonly [name: string, value: Child])[];
  /** What else they look at before they sign. */
  readonly more?: Child;
  /** What happens then. */
  readonly consequence: string;
  /** The verb and the amount. */
  readonly button: string;
}

/** Something that a person agrees to by passkey. Its page is at `sign/{path}/{id}` of its area. */
export interface Signable {
  readonly action: SignedAction;
  readonly path: string;
  readonly roles: readonly Role[];
  /** Default: a page of the merchant. */
  readonly area?: "platform";
  readonly title: (text: SigningText) => string;
  /** What was done, for the page that follows. */
  readonly did: (text: SigningText) => string;
  /** The path of the page to go to afterwards, if the form names none. */
  readonly after: string;
  /** A first step, for what the agreement depends on. Null: the form holds it all. Errors: `not_found`. */
  readonly ask?: (visit: Visit, text: SigningText, form: FormData, id: string) => Promise<Child | null>;
  /** The fields of the first step, which the second one repeats. */
  readonly fields?: readonly string[];
  /** Reads what is agreed to. Errors: `not_found`, `wrong_state`, `payout_changed`. */
  agreement(visit: Visit, text: SigningText, id: string, form: FormData): Promise<Agreement>;
  /** Does it; the context holds the signature. */
  run(ctx: Context, id: string, form: FormData): Promise<unknown>;
}
