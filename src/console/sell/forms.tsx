import type { Markup } from "../../pages/markup.ts";
import type { FieldError } from "../../problems/problem.ts";
import { Errors, Field, Guard, inputProps, KEY_FIELD } from "../kit/form.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { CameByItself } from "./came.tsx";
import { Pad } from "./pad.tsx";
import { sellText } from "./text.ts";

interface SellFormsProps {
  readonly visit: Visit;
  /** What was typed. */
  readonly form: FormData;
  readonly errors: readonly FieldError[];
  readonly detail: string | undefined;
}

/** The two ways to ask for money: at the till, and by a link. The other way is a link to it. */
export function SellForms({ visit, form, errors, detail }: SellFormsProps): Markup {
  const { text, url } = visit;
  const words = sellText[visit.language];
  const isLink = (form.get("by") ?? url.searchParams.get("by")) === "link";
  const typed = (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const key = form.get(KEY_FIELD);
  return (
    <>
      <header class="head">
        <h1>{text.nav.sell}</h1>
        <p class="soft">{words.question}</p>
      </header>
      <nav class="buttons" aria-label={text.nav.sell}>
        <a class="act" href={url.pathname} {...isLink ? {} : { "aria-current": "page" }}>{words.till}</a>
        <a class="act" href={`${url.pathname}?by=link`} {...isLink ? { "aria-current": "page" } : {}}>{words.link}</a>
        <a class="act" href={hrefOf(visit, "sold")}>{words.today}</a>
        <a class="act" href={hrefOf(visit, "links")}>{words.links}</a>
      </nav>
      {(errors.length > 0 || detail !== undefined) && (
        <Errors
          visit={visit}
          heading={text.errorsHeading}
          errors={errors}
          {...detail === undefined ? {} : { detail }}
        />
      )}
      <form
        method="post"
        class="card narrow till"
        action={url.pathname}
        data-ask={isLink ? undefined : words.askFor("{phone}", "{amount}")}
      >
        <Guard
          visit={visit}
          back={url.pathname}
          version={null}
          {...typeof key === "string" ? { formKey: key } : {}}
        />
        <input type="hidden" name="by" value={isLink ? "link" : "till"} />
        <Field name="amount_kes" label={isLink ? words.amountOpen : words.amount} errors={errors}>
          <input
            {...inputProps("amount_kes", errors)}
            class="big"
            inputmode="numeric"
            autocomplete="off"
            value={typed("amount_kes")}
            required={!isLink}
          />
        </Field>
        {isLink
          ? (
            <>
              <Field name="description" label={words.what} errors={errors}>
                <input {...inputProps("description", errors)} value={typed("description")} maxlength={80} required />
              </Field>
              <label class="check">
                <input type="checkbox" name="reusable" value="yes" checked={typed("reusable") === "yes"} /> {words.many}
              </label>
            </>
          )
          : (
            <>
              <Field name="phone_number" label={words.phone} errors={errors}>
                <input
                  {...inputProps("phone_number", errors)}
                  type="tel"
                  autocomplete="off"
                  value={typed("phone_number")}
                  maxlength={32}
                  required
                />
              </Field>
              <Pad label={words.pad} rubOut={words.rubOut} />
              <p class="hint">{words.askSays}</p>
            </>
          )}
        <button type="submit" data-busy={text.working}>{isLink ? words.make : words.ask}</button>
      </form>
      {!isLink && <CameByItself visit={visit} />}
    </>
  );
}
