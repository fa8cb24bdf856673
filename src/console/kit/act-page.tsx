import type { Child, FC } from "hono/jsx";
import type { Markup } from "../../pages/markup.ts";
import type { Act, Offer, Subject, Versioned } from "./act.ts";
import { backTo, backWith } from "./done.ts";
import { BACK_FIELD, Errors, Guard, KEY_FIELD } from "./form.tsx";
import { type Page, type PageAnswer, parameter, type View } from "./page.ts";
import { refusalOf, type Refused } from "./refused.ts";
import { runAct } from "./run-act.ts";
import { clockText } from "./values.tsx";
import { firstForm, hrefOf, type Visit } from "./visit.ts";

/** The pages of a record's acts: each shows what will happen, and does it when its form is sent. */
export const actPages = <R extends Versioned>(subject: Subject<R>, acts: readonly Offer<R>[]): Page[] =>
  acts.filter((act): act is Act<R> => !("href" in act)).map((act) => ({
    path: `${subject.path}/:id/${act.name}`,
    area: "merchant" as const,
    roles: act.roles,
    get: async (visit) => formView(visit, subject, act, await loadOf(visit, subject), firstForm(visit)),
    post: (visit, form) => submit(visit, subject, act, form),
  }));

async function loadOf<R extends Versioned>(visit: Visit, subject: Subject<R>): Promise<R> {
  const row = await subject.load(visit.ctx, parameter(visit, "id"));
  subject.require?.(row, visit);
  return row;
}

async function submit<R extends Versioned>(
  visit: Visit,
  subject: Subject<R>,
  act: Act<R>,
  form: FormData,
): Promise<PageAnswer> {
  const row = await loadOf(visit, subject);
  try {
    const outcome = await runAct(visit, subject, act, row, form);
    if (outcome === "stale") {
      const now = await subject.load(visit.ctx, row.id);
      return formView(visit, subject, act, now, form, { heading: visit.text.stale, errors: [], status: 409 });
    }
    const { text, viewer } = visit;
    const said = outcome === "again"
      ? text.again
      : outcome === "proposed"
      ? text.proposed
      : text.didBy(act.did(visit, row), viewer.person.name, clockText(visit.now));
    const done = { id: row.id, text: said };
    return visit.c.redirect(
      await backWith(visit, form.get(BACK_FIELD), hrefOf(visit, `${subject.path}/${row.id}`), done),
      303,
    );
  } catch (error) {
    const refused = refusalOf(error, visit);
    if (refused === null) throw error;
    return formView(visit, subject, act, await subject.load(visit.ctx, row.id), form, refused);
  }
}

async function formView<R extends Versioned>(
  visit: Visit,
  subject: Subject<R>,
  act: Act<R>,
  row: R,
  form: FormData,
  refused: Refused | null = null,
): Promise<View> {
  const title = act.label(visit);
  const own = hrefOf(visit, `${subject.path}/${row.id}`);
  const back = backTo(visit, form.get(BACK_FIELD) ?? visit.url.searchParams.get("back"), own);
  const asked = act.offered(row, visit) ? await act.ask?.(row, visit) ?? null : null;
  const parts = asked !== null || !act.offered(row, visit)
    ? { asked, consequence: undefined, fields: undefined }
    : { asked, consequence: await act.consequence?.(row, visit), fields: await act.fields?.(row, visit, form) };
  const key = form.get(KEY_FIELD);
  return {
    title: refused === null ? title : visit.text.error(title),
    ...refused === null ? {} : { status: refused.status },
    body: (
      <ActForm
        {...{ visit, subject, act, row, back, parts, refused }}
        // A press that was refused has used its key only if it stored something; then the same key says so again.
        formKey={refused?.status === 409 || typeof key !== "string" ? crypto.randomUUID() : key}
      />
    ),
  };
}

interface ActFormProps<R extends Versioned> {
  readonly visit: Visit;
  readonly subject: Subject<R>;
  readonly act: Act<R>;
  readonly row: R;
  readonly back: string;
  readonly parts: { readonly asked: Child; readonly consequence: Child; readonly fields: Child };
  readonly refused: Refused | null;
  readonly formKey: string;
}

function ActForm<R extends Versioned>(
  { visit, subject, act, row, back, parts, refused, formKey }: ActFormProps<R>,
): Markup {
  const { text } = visit;
  return (
    <>
      <header class="head">
        <p>
          <a href={back} data-back="">{text.back}</a>
        </p>
        <h1>{act.label(visit)}</h1>
      </header>
      {refused !== null && <Errors visit={visit} {...refused} />}
      <section class="card narrow">
        <div class="about">{subject.summary(row, visit)}</div>
        {!act.offered(row, visit)
          ? (
            <p class="buttons">
              <a class="button quiet" href={back}>{text.back}</a>
            </p>
          )
          : parts.asked !== null
          ? <AskForm visit={visit} back={back}>{parts.asked}</AskForm>
          : (
            <form method="post" class="stack" action={visit.url.pathname + visit.url.search}>
              <Guard visit={visit} back={back} version={row.version ?? null} formKey={formKey} />
              {parts.fields}
              {parts.consequence !== undefined && <p class="consequence">{parts.consequence}</p>}
              <div class="buttons">
                <button type="submit" class={act.isGrave ? "grave" : undefined} data-busy={text.working}>
                  {act.button?.(row, visit) ?? act.label(visit)}
                </button>
                <a class="button quiet" href={back}>{text.cancel}</a>
              </div>
            </form>
          )}
      </section>
    </>
  );
}

/** The first step of an act. Its answers get into the address. */
const AskForm: FC<{ visit: Visit; back: string; children: Child }> = ({ visit, back, children }) => (
  <form method="get" class="stack" action={visit.url.pathname}>
    <input type="hidden" name="back" value={back} />
    {children}
    <div class="buttons">
      <button type="submit">{visit.text.next}</button>
      <a class="button quiet" href={back}>{visit.text.cancel}</a>
    </div>
  </form>
);
