import type { Child } from "hono/jsx";
import { isConflict } from "../../db/retry.ts";
import { Problem } from "../../problems/problem.ts";
import type { Context } from "../../context/context.ts";
import { backWith } from "../kit/done.ts";
import { Errors, Guard, KEY_FIELD } from "../kit/form.tsx";
import { type Page, type PageAnswer, parameter, type View } from "../kit/page.ts";
import { refusedProblem } from "../kit/refused.ts";
import { runForm } from "../kit/run-act.ts";
import { clockText } from "../kit/values.tsx";
import { firstForm, platformHref, type Visit } from "../kit/visit.ts";

/** What a form of the platform shows. */
export interface Shown {
  readonly title: string;
  readonly summary: Child;
  /** What happens. Null: nothing can be done any more. */
  readonly consequence: string | null;
  readonly button: string;
  readonly fields?: Child;
}

/** A form about `:id` that acts once, and leads back to the page of the platform. */
export interface PlatformForm {
  readonly path: string;
  /** Errors: `not_found`. */
  show(visit: Visit, id: string, form: FormData): Promise<Shown>;
  /** Does it, and says what was done. `wrong_state`: the state was another than shown. */
  run(ctx: Context, id: string, form: FormData, visit: Visit): Promise<string>;
}

/** The page of a form of the platform. */
export const formPage = (spec: PlatformForm): Page => ({
  path: spec.path,
  area: "platform",
  roles: ["platform"],
  get: (visit) => view(visit, spec, firstForm(visit), null),
  post: (visit, form) => submit(visit, spec, form),
});

async function submit(visit: Visit, spec: PlatformForm, form: FormData): Promise<PageAnswer> {
  const { text, viewer } = visit;
  const id = parameter(visit, "id");
  try {
    let did = "";
    const outcome = await runForm(visit, form, async (ctx) => {
      did = await spec.run(ctx, id, form, visit);
    });
    const said = outcome === "again" ? text.again : text.didBy(did, viewer.person.name, clockText(visit.now));
    return visit.c.redirect(await backWith(visit, null, platformHref(""), { id, text: said }), 303);
  } catch (error) {
    if (isConflict(error) || (error instanceof Problem && error.code === "wrong_state")) {
      return await view(visit, spec, form, "stale");
    }
    const problem = refusedProblem(error);
    if (problem === null) throw error;
    return await view(visit, spec, form, problem);
  }
}

async function view(
  visit: Visit,
  spec: PlatformForm,
  form: FormData,
  refused: Problem | "stale" | null,
): Promise<View> {
  const { text } = visit;
  const { title, summary, consequence, button, fields } = await spec.show(visit, parameter(visit, "id"), form);
  const key = form.get(KEY_FIELD);
  const isStale = refused === "stale";
  const errors = refused instanceof Problem ? refused.errors : [];
  const detail = refused instanceof Problem && errors.length === 0 ? { detail: refused.detail } : {};
  return {
    title: refused === null ? title : text.error(title),
    ...refused === null ? {} : { status: isStale ? 409 as const : 422 as const },
    body: (
      <>
        <header class="head">
          <p>
            <a href={platformHref("")} data-back="">{text.back}</a>
          </p>
          <h1>{title}</h1>
        </header>
        {refused !== null && (
          <Errors visit={visit} heading={isStale ? text.stale : text.errorsHeading} errors={errors} {...detail} />
        )}
        <section class="card narrow">
          <div class="about">{summary}</div>
          {consequence !== null && (
            <form method="post" class="stack" action={visit.url.pathname}>
              <Guard
                visit={visit}
                back={platformHref("")}
                version={null}
                formKey={isStale || typeof key !== "string" ? crypto.randomUUID() : key}
              />
              {fields}
              <p class="consequence">{consequence}</p>
              <div class="buttons">
                <button type="submit" class="grave" data-busy={text.working}>{button}</button>
                <a class="button quiet" href={platformHref("")}>{text.cancel}</a>
              </div>
            </form>
          )}
        </section>
      </>
    ),
  };
}
