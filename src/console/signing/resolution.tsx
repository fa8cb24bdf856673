import type { Child } from "hono/jsx";
import { resolvePayout } from "../../domain/payouts/decision-contract.ts";
import { invalidField } from "../../problems/problem.ts";
import { Field, inputProps } from "../kit/form.tsx";
import type { SigningText } from "./text.ts";

/** The same rules as in the API, for payouts and for refunds. */
const body = resolvePayout.body;

const textIn = (form: FormData, name: string): string => String(form.get(name) ?? "").trim();

function read(form: FormData) {
  const receipt = textIn(form, "receipt");
  return body?.safeParse({
    outcome: textIn(form, "outcome"),
    evidence: textIn(form, "evidence"),
    ...(receipt === "" ? {} : { receipt }),
  });
}

/** What the form says became of the money. Errors: `validation_failed`. */
export function resolutionOf(form: FormData): {
  readonly outcome: "succeeded" | "failed";
  readonly evidence: string;
  readonly receipt?: string;
} {
  const found = read(form);
  if (!found?.success) throw invalidField("/outcome", "say what became of it, and where you saw it");
  const { outcome, evidence, receipt } = found.data;
  return { outcome, evidence, ...(receipt === undefined ? {} : { receipt }) };
}

/** The first step: what a person has seen. Null: the form says it. */
export function askResolution(text: SigningText, form: FormData): Child | null {
  if (read(form)?.success) return null;
  const chosen = textIn(form, "outcome");
  const outcomes = [["succeeded", text.paid], ["failed", text.notPaid]] as const;
  return (
    <>
      <fieldset class="choices">
        <legend>{text.outcome}</legend>
        {outcomes.map(([value, label]) => (
          <label class="choice">
            <input type="radio" name="outcome" value={value} checked={chosen === value} required />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <Field name="evidence" label={text.evidence}>
        <textarea {...inputProps("evidence")} minlength={3} maxlength={1000} required>
          {textIn(form, "evidence")}
        </textarea>
      </Field>
      <Field name="receipt" label={text.receipt}>
        <input
          {...inputProps("receipt")}
          value={textIn(form, "receipt")}
          pattern="[A-Za-z0-9]{6,20}"
          maxlength={20}
          autocomplete="off"
        />
      </Field>
    </>
  );
}
