import type { Child } from "hono/jsx";
import type { Markup } from "../../pages/markup.ts";
import type { Language } from "../../pages/text/language.ts";
import { CSRF_FIELD } from "../session/csrf.ts";
import { signingText } from "./text.ts";

interface Props {
  readonly language: Language;
  /** `get` signs with a passkey, `create` makes one. */
  readonly kind: "get" | "create";
  /** From `signOptions` or `createOptions`. */
  readonly options: string;
  readonly action: string;
  /** Empty only where nobody is signed in. */
  readonly csrfToken: string;
  /** What the button says. */
  readonly button: string;
  /** More fields of the form. */
  readonly children?: Child;
}

/**
 * A form that a passkey answers: the script fills the field `passkey`. The page loads `passkeyScript()`. Without the script
 * the button is off and the form says why.
 */
export function PasskeyForm({ language, kind, options, action, csrfToken, button, children }: Props): Markup {
  return (
    <form method="post" class="stack" action={action} data-passkey={kind} data-options={options}>
      {csrfToken !== "" && <input type="hidden" name={CSRF_FIELD} value={csrfToken} />}
      <input type="hidden" name="passkey" value="" />
      {children}
      <button type="submit" disabled>{button}</button>
      <p data-failed hidden role="alert">{signingText[language].failed}</p>
      <noscript>
        <p>{signingText[language].needsScript}</p>
      </noscript>
    </form>
  );
}
