import type { Markup } from "../markup.ts";
import type { PageState } from "./page-state.ts";
import type { View } from "./view.ts";
import { kes } from "./format.ts";

/** The id of the element that says why the number was refused. */
const FIELD_ERROR_ID = "phone-error";

/** The form for the phone number. After the first prompt the field may stay empty: the same phone is prompted again. */
export function PhoneForm({ view, pageState, label }: { view: View; pageState: PageState; label: string }): Markup {
  const { text } = view;
  const mayBeEmpty = pageState.phone !== null && view.phone === "";
  const hint = mayBeEmpty && pageState.phone ? text.phoneAgain(pageState.phone) : text.phoneHint;
  return (
    <form method="post" action={`/pay/${pageState.id}/prompt`}>
      <input type="hidden" name="token" value={view.token} />
      <PhoneField view={view} hint={mayBeEmpty || view.phone === "" ? hint : null} required={!mayBeEmpty} />
      <button type="submit" data-busy={text.sending}>{label}</button>
    </form>
  );
}

/** The field for a phone number, with the choice to remember it, and what a form says where it can't be sent. */
export function PhoneField(
  { view, hint, required }: { view: View; hint: string | null; required: boolean },
): Markup {
  const { text, error } = view;
  const described = [hint === null ? "" : "phone-hint", error === null ? "" : FIELD_ERROR_ID];
  return (
    <>
      {view.chosenLanguage !== undefined && <input type="hidden" name="lang" value={view.chosenLanguage} />}
      <div class="field">
        <label for="phone">{text.phoneLabel}</label>
        <input
          id="phone"
          name="phone"
          type="tel"
          inputmode="tel"
          autocomplete="tel-national"
          maxlength={20}
          required={required}
          value={view.phone}
          autofocus={error !== null}
          aria-invalid={error === null ? undefined : "true"}
          aria-describedby={described.filter((id) => id !== "").join(" ") || undefined}
        />
        {hint !== null && <p class="hint" id="phone-hint">{hint}</p>}
        {error !== null && <p class="error" id={FIELD_ERROR_ID} role="alert">{error}</p>}
      </div>
      <label class="check">
        <input type="checkbox" name="remember" value="yes" checked={view.remember} /> {text.remember}
      </label>
      <p class="error" role="alert" data-offline hidden>{text.offline}</p>
    </>
  );
}

/** The label of the main button of a stage. */
export const payLabel = ({ text }: View, { stage, ask }: PageState): string =>
  stage === "ready" || stage === "waiting" ? text.pay(kes(ask)) : text.tryAgain;
