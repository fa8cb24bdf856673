import type { Markup } from "../../pages/markup.ts";
import { Field, inputProps } from "../kit/form.tsx";
import type { Typed } from "../kit/form-page.tsx";
import { SecretField, TextField } from "../kit/text-field.tsx";
import type { Visit } from "../kit/visit.ts";
import { shortcodesText } from "./text.ts";

/** The fields of a form that hold keys, and the phone of Pull Transactions, by the names of the API. */
export const KEY_FIELDS = [
  "consumer_key",
  "consumer_secret",
  "passkey",
  "initiator_name",
  "initiator_password",
  "security_credential",
  "certificate",
  "nominated_number",
] as const;

interface KeyFieldsProps {
  readonly visit: Visit;
  readonly typed: Typed;
  /** Whether a form without them can't be sent: there are none yet. */
  readonly areNeeded: boolean;
}

/** The keys of a shortcode. What is typed is never shown again, not even in a form that was refused. */
export function KeyFields({ visit, typed, areNeeded }: KeyFieldsProps): Markup {
  const words = shortcodesText[visit.language];
  const secret = (name: "consumer_key" | "consumer_secret" | "passkey") => (
    <SecretField name={name} label={words.keys[name]} typed={typed} maxlength={256} isNeeded={areNeeded} />
  );
  const isOpen = typed.errors.some(({ pointer }) => /^\/(initiator|security|certificate|nominated)/.test(pointer));
  return (
    <>
      {secret("consumer_key")}
      {secret("consumer_secret")}
      {secret("passkey")}
      <details open={isOpen}>
        <summary>{words.payoutKeys}</summary>
        <div class="stack">
          <TextField name="initiator_name" label={words.keys.initiator_name} typed={typed} maxlength={64} />
          <SecretField
            name="initiator_password"
            label={words.keys.initiator_password}
            typed={typed}
            maxlength={128}
          />
          <TextArea name="certificate" label={words.keys.certificate} typed={typed} maxlength={8192} />
          <TextArea
            name="security_credential"
            label={words.keys.security_credential}
            hint={words.credentialHint}
            typed={typed}
            maxlength={2048}
          />
          <TextField
            name="nominated_number"
            label={words.keys.nominated_number}
            hint={words.pullHint}
            typed={typed}
            maxlength={32}
            inputmode="tel"
          />
        </div>
      </details>
    </>
  );
}

interface TextAreaProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly typed: Typed;
  readonly maxlength: number;
}

/** Several lines that are not filled in again. */
const TextArea = ({ name, label, hint, typed, maxlength }: TextAreaProps): Markup => (
  <Field name={name} label={label} errors={typed.errors} {...hint === undefined ? {} : { hint }}>
    <textarea {...inputProps(name, typed.errors)} maxlength={maxlength} autocomplete="off" spellcheck={false} />
  </Field>
);
