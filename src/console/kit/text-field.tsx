import type { Markup } from "../../pages/markup.ts";
import { Field, inputProps, typedIn } from "./form.tsx";
import type { Typed } from "./form-page.tsx";

interface TextFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly typed: Typed;
  /** What is stored now. */
  readonly value?: string;
  readonly maxlength: number;
  readonly isNeeded?: boolean;
  readonly inputmode?: "numeric" | "tel" | "url";
}

/** A line of text, with what was typed before. */
export const TextField = (
  { name, label, hint, typed, value = "", maxlength, isNeeded = false, inputmode }: TextFieldProps,
): Markup => (
  <Field name={name} label={label} errors={typed.errors} {...hint === undefined ? {} : { hint }}>
    <input
      {...inputProps(name, typed.errors)}
      value={typed.form.has(name) ? typedIn(typed.form, name) : value}
      maxlength={maxlength}
      inputmode={inputmode}
      required={isNeeded}
      autocomplete="off"
    />
  </Field>
);

/** A secret. It is never filled in again, not even when the form is refused. */
export const SecretField = (
  { name, label, hint, typed, maxlength, isNeeded = false }: Omit<TextFieldProps, "value" | "inputmode">,
): Markup => (
  <Field name={name} label={label} errors={typed.errors} {...hint === undefined ? {} : { hint }}>
    <input
      {...inputProps(name, typed.errors)}
      type="password"
      maxlength={maxlength}
      required={isNeeded}
      autocomplete="new-password"
    />
  </Field>
);
