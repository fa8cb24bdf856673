import type { Child } from "hono/jsx";
import type { Markup } from "../../pages/markup.ts";
import type { FieldError } from "../../problems/problem.ts";
import { CSRF_FIELD } from "../session/csrf.ts";
import type { Visit } from "./visit.ts";

/** The names of the fields that every form of an act carries. */
export const KEY_FIELD = "key";
export const VERSION_FIELD = "version";
export const BACK_FIELD = "back";

interface GuardProps {
  readonly visit: Visit;
  /** Where to go afterwards: an address of ours. */
  readonly back: string;
  /** The version of the record as shown. Null: the act is about no record. */
  readonly version: number | null;
  /** The idempotency key of the page, kept when the form is shown again. */
  readonly formKey?: string;
}

/** The hidden fields of a form: it counts once, for the record as shown, and only if it comes from our page. */
export function Guard({ visit, back, version, formKey = crypto.randomUUID() }: GuardProps): Markup {
  return (
    <>
      <input type="hidden" name={CSRF_FIELD} value={visit.viewer.csrfToken} />
      <input type="hidden" name={KEY_FIELD} value={formKey} />
      <input type="hidden" name={BACK_FIELD} value={back} />
      {version !== null && <input type="hidden" name={VERSION_FIELD} value={String(version)} />}
    </>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly errors?: readonly FieldError[];
  readonly children: Child;
}

/** The id of a field, to which the summary of errors links. */
export const fieldId = (name: string): string => `f-${name}`;

/** The attributes of an input whose value was refused. */
export const inputProps = (
  name: string,
  errors: readonly FieldError[] = [],
): {
  readonly id: string;
  readonly name: string;
  readonly "aria-invalid"?: "true";
  readonly "aria-describedby"?: string;
} => {
  const isWrong = errors.some((error) => fieldOf(error) === name);
  return {
    id: fieldId(name),
    name,
    ...isWrong ? { "aria-invalid": "true", "aria-describedby": `${fieldId(name)}-error` } : {},
  };
};

/** A labelled field of a form. `children` is the input; see {@link inputProps}. */
export function Field({ name, label, hint, errors = [], children }: FieldProps): Markup {
  const own = errors.filter((error) => fieldOf(error) === name);
  return (
    <div class="field">
      <label for={fieldId(name)}>{label}</label>
      {hint !== undefined && <p class="hint">{hint}</p>}
      {own.length > 0 && <p class="error" id={`${fieldId(name)}-error`}>{own.map(({ detail }) => detail).join("; ")}
      </p>}
      {children}
    </div>
  );
}

/** The field that an error is about: `amount` of `/amount`, or of `amount`. */
export const fieldOf = ({ pointer }: FieldError): string => pointer.replace(/^\//, "").split("/")[0] ?? "";

/** What was typed into a field before; empty at first. */
export function typedIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

interface ErrorsProps {
  readonly visit: Visit;
  readonly heading: string;
  readonly detail?: string;
  readonly errors: readonly FieldError[];
}

/** The summary on top of a page whose input was refused. It links to the fields. */
export function Errors({ visit, heading, detail, errors }: ErrorsProps): Markup {
  return (
    <section class="note bad" role="alert" tabindex={-1} id="errors" aria-label={visit.text.errorsHeading}>
      <p>
        <b>{heading}</b>
      </p>
      {detail !== undefined && <p>{detail}</p>}
      {errors.length > 0 && (
        <ul>
          {errors.map((error) => (
            <li>
              <a href={`#${fieldId(fieldOf(error))}`}>{fieldOf(error)}</a>: {error.detail}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
