import type { Markup } from "../markup.ts";
import type { Sight } from "./stage.ts";
import type { View } from "./view.ts";
import { kes } from "./format.ts";

/** Why a number was not taken. */
const fieldError = "phone-error";

/** Asks for the number. Where a prompt has been out before, leaving it empty means the same phone. */
export function PhoneForm({ view, sight, label }: { view: View; sight: Sight; label: string }): Markup {
  const { text, error } = view;
  const again = sight.phone !== null && view.phone === "";
  const described = [again || view.phone === "" ? "phone-hint" : "", error === null ? "" : fieldError];
  return (
    <form method="post" action={`/pay/${sight.id}/prompt`}>
      <input type="hidden" name="token" value={view.token} />
      {view.chosen !== undefined && <input type="hidden" name="lang" value={view.chosen} />}
      <div class="field">
        <label for="phone">{text.phoneLabel}</label>
        <input
          id="phone"
          name="phone"
          type="tel"
          inputmode="tel"
          autocomplete="tel-national"
          maxlength={20}
          required={!again}
          value={view.phone}
          aria-invalid={error === null ? undefined : "true"}
          aria-describedby={described.filter((id) => id !== "").join(" ") || undefined}
        />
        {described[0] !== "" && (
          <p class="hint" id="phone-hint">{again && sight.phone ? text.phoneAgain(sight.phone) : text.phoneHint}</p>
        )}
        {error !== null && <p class="error" id={fieldError} role="alert">{error}</p>}
      </div>
      <label class="check">
        <input type="checkbox" name="remember" value="yes" checked={view.remember} /> {text.remember}
      </label>
      <button type="submit" data-busy={text.sending}>{label}</button>
    </form>
  );
}

/** What the main button of a stage says. */
export const payLabel = ({ text }: View, { stage, amount }: Sight): string =>
  stage === "ready" || stage === "waiting" ? text.pay(kes(amount)) : text.tryAgain;
