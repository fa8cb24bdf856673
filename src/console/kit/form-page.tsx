import type { Child } from "hono/jsx";
import type { Role } from "../../auth/roles.ts";
import type { Context } from "../../context/context.ts";
import { Proposal } from "../../http/operation.ts";
import type { FieldError } from "../../problems/problem.ts";
import { backTo, backWith } from "./done.ts";
import { Framed } from "./framed.tsx";
import { BACK_FIELD, Errors, Guard, KEY_FIELD } from "./form.tsx";
import type { Page, PageAnswer, View, Words } from "./page.ts";
import { refusalOf, type Refused } from "./refused.ts";
import { runForm } from "./run-act.ts";
import { firstForm, hrefOf, type Visit } from "./visit.ts";

/** What was typed into a form, and what was wrong with it. */
export interface Typed {
  readonly form: FormData;
  readonly errors: readonly FieldError[];
}

/**
 * A form on a page of its own that is about no version of a record: it makes something, or shows a secret once. It counts
 * once, however often it is sent. `R`: what it is about. `V`: what it made.
 */
export interface FormPage<R, V> {
  readonly path: string;
  readonly roles: readonly Role[];
  readonly title: Words;
  /** Reads what the form is about. Errors: those of the verb that reads it. */
  readonly load: (visit: Visit) => Promise<R>;
  /** The path of the page that it belongs to. A form that was done already leads there. */
  readonly home: (row: R) => string;
  readonly fields: (row: R, visit: Visit, typed: Typed) => Child | Promise<Child>;
  readonly button: Words;
  /** Something ends. */
  readonly isGrave?: true;
  /** Does it. Errors: those of the verb. */
  readonly run: (ctx: Context, row: R, form: FormData, visit: Visit) => Promise<V | Proposal>;
  /** Shows what was made. Only this answer has it: nothing of it is stored for a replay of the form. */
  readonly answer: (made: V, row: R, visit: Visit) => PageAnswer | Promise<PageAnswer>;
  /** What a second press of the form is told. Default: {@link Text.again}, on the page that it belongs to. */
  readonly again?: (row: R, visit: Visit, form: FormData) => string | Promise<PageAnswer>;
}

/** The page of a form. */
export const formPage = <R, V>(spec: FormPage<R, V>): Page => ({
  path: spec.path,
  area: "merchant",
  roles: spec.roles,
  get: async (visit) => await formView(visit, spec, await spec.load(visit), firstForm(visit)),
  post: async (visit, form) => await submit(visit, spec, await spec.load(visit), form),
});

async function submit<R, V>(visit: Visit, spec: FormPage<R, V>, row: R, form: FormData): Promise<PageAnswer> {
  let made: { readonly view: V } | null = null;
  try {
    const outcome = await runForm(visit, form, async (ctx) => {
      const view = await spec.run(ctx, row, form, visit);
      if (view instanceof Proposal) return view;
      made = { view };
      return null;
    });
    if (made !== null) return await spec.answer((made as { readonly view: V }).view, row, visit); // set in the callback
    const said = outcome === "proposed" ? visit.text.proposed : spec.again?.(row, visit, form) ?? visit.text.again;
    return typeof said === "string" ? await home(visit, spec, row, form, said) : await said;
  } catch (error) {
    const refused = refusalOf(error, visit);
    if (refused === null) throw error;
    return await formView(visit, spec, row, form, refused);
  }
}

async function home<R, V>(
  visit: Visit,
  spec: FormPage<R, V>,
  row: R,
  form: FormData,
  text: string,
): Promise<PageAnswer> {
  const own = hrefOf(visit, spec.home(row));
  const id = spec.home(row).split("/")[1] ?? "form"; // a record's own page says it of the record
  return visit.c.redirect(await backWith(visit, form.get(BACK_FIELD), own, { id, text }), 303);
}

async function formView<R, V>(
  visit: Visit,
  spec: FormPage<R, V>,
  row: R,
  form: FormData,
  refused: Refused | null = null,
): Promise<View> {
  const { text } = visit;
  const title = spec.title(visit);
  const key = form.get(KEY_FIELD);
  const back = backTo(
    visit,
    form.get(BACK_FIELD) ?? visit.url.searchParams.get("back"),
    hrefOf(visit, spec.home(row)),
  );
  const fields = await spec.fields(row, visit, { form, errors: refused?.errors ?? [] });
  return {
    title: refused === null ? title : text.error(title),
    ...refused === null ? {} : { status: refused.status },
    body: (
      <Framed visit={visit} title={title} back={back}>
        {refused !== null && <Errors visit={visit} {...refused} />}
        <form method="post" class="stack" action={visit.url.pathname + visit.url.search} autocomplete="off">
          <Guard
            visit={visit}
            back={back}
            version={null}
            {...typeof key === "string" && refused?.status !== 409 ? { formKey: key } : {}}
          />
          {fields}
          <div class="buttons">
            <button type="submit" class={spec.isGrave ? "grave" : undefined} data-busy={text.working}>
              {spec.button(visit)}
            </button>
            <a class="button quiet" href={back}>{text.cancel}</a>
          </div>
        </form>
      </Framed>
    ),
  };
}
