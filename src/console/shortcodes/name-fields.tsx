import { paybillTariffs } from "../../daraja/tariffs.ts";
import type { Markup } from "../../pages/markup.ts";
import { Field, inputProps, typedIn } from "../kit/form.tsx";
import type { Typed } from "../kit/form-page.tsx";
import { TextField } from "../kit/text-field.tsx";
import type { Visit } from "../kit/visit.ts";
import { shortcodesText } from "./text.ts";

interface NameFieldsProps {
  readonly visit: Visit;
  readonly typed: Typed;
  readonly kind: "paybill" | "till";
  /** What is stored now. */
  readonly now?: { readonly name: string; readonly store: string | null; readonly tariff: string | null };
}

/** What a shortcode is called, and who pays M-Pesa's fee at a paybill. */
export function NameFields({ visit, typed, kind, now }: NameFieldsProps): Markup {
  const words = shortcodesText[visit.language];
  const { form, errors } = typed;
  const tariff = form.has("tariff") ? typedIn(form, "tariff") : now?.tariff ?? "";
  return (
    <>
      <TextField name="name" label={words.name} typed={typed} value={now?.name ?? ""} maxlength={100} isNeeded />
      <TextField
        name="store"
        label={words.shop}
        hint={words.shopHint}
        typed={typed}
        value={now?.store ?? ""}
        maxlength={60}
      />
      {kind === "paybill" && (
        <Field name="tariff" label={words.tariff} hint={words.tariffHint} errors={errors}>
          <select {...inputProps("tariff", errors)}>
            <option value="">{words.tariffUnknown}</option>
            {paybillTariffs.map((name) => (
              <option value={name} selected={tariff === name}>{words.tariffs[name]}</option>
            ))}
          </select>
        </Field>
      )}
    </>
  );
}
