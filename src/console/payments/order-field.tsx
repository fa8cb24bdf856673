import type { Markup } from "../../pages/markup.ts";
import type { FieldError } from "../../problems/problem.ts";
import { Field, inputProps } from "../kit/form.tsx";
import type { Visit } from "../kit/visit.ts";
import { paymentsText } from "./text.ts";

/** An order, by its reference or id. It is asked by GET, so what was typed stands in the address. */
export function OrderField({ visit, errors }: { visit: Visit; errors: readonly FieldError[] }): Markup {
  const words = paymentsText[visit.language];
  return (
    <Field name="order" label={words.otherOrder} hint={words.otherOrderHint} errors={errors}>
      <input {...inputProps("order", errors)} value={visit.url.searchParams.get("order") ?? ""} maxlength={64} />
    </Field>
  );
}
