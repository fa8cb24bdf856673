import type { Markup } from "../markup.ts";
import type { PageState } from "./page-state.ts";
import type { View } from "./view.ts";
import { kes } from "./format.ts";

/** The id of the element that says why the number was refused. */
const FIELD_ERROR_ID = "phone-error";

/** The form for the phone number. After the first prompt the field may stay empty: the same phone is prompted again. */
export function PhoneForm({ view, pageState, label }: { view: View; pageState: PageState; label: string }): Markup {
  const { text, error } = view;
  const mayBeEmpty = pageState.phone !== null && view.phone === "";
  const described = [mayBeEmpty || view.phone === "" ? "phone-hint" : "", error === null ? "" : FIELD_ERROR_ID];
  return (
    <form method="post" action={`/pay/${pageState.id}/prompt`}>
      <input type="hidden" name="token" value={view.token} />
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
          required={!mayBeEmpty}
          value={view.phone}
          aria-invalid={error === null ? undefined : "true"}
          aria-describedby={described.filter((id) => id !== "").join(" ") || undefined}
        />
        {described[0] !== "" && (
          <p class="hint" id="phone-hint">
            {mayBeEmpty && pageState.phone ? text.phoneAgain(pageState.phone) : text.phoneHint}
          </p>
        )}
        {error !== null && <p class="error" id={FIELD_ERROR_ID} role="alert">{error}</p>}
      </div>
      <label class="check">
        <input type="checkbox" name="remember" value="yes" checked={view.remember} /> {text.remember}
      </label>
      <button type="submit" data-busy={text.sending}>{label}</button>
    </form>
  );
}

/** The label of the main button of a stage. */
export const payLabel = ({ text }: View, { stage, ask }: PageState): string =>
  stage === "ready" || stage === "waiting" ? text.pay(kes(ask)) : text.tryAgain;
