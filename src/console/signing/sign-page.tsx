import type { Signed } from "../../context/signature.ts";
import { Problem, problems } from "../../problems/problem.ts";
import { isConflict } from "../../db/retry.ts";
import { isDoneAlready, takeSignature } from "../../domain/people/signing.ts";
import { isReplay } from "../../domain/people/use-passkey.ts";
import { backTo, backWith } from "../kit/done.ts";
import { BACK_FIELD, Errors } from "../kit/form.tsx";
import { type Page, type PageAnswer, parameter, type View } from "../kit/page.ts";
import { clockText } from "../kit/values.tsx";
import { firstForm, hrefOf, platformHref, type Visit } from "../kit/visit.ts";
import { AskForm, DIGEST_FIELD, signForm } from "./sign-form.tsx";
import type { Signable } from "./signable.ts";
import { signingText } from "./text.ts";

/** The address of the page on which a person signs. `path` is that of a {@link Signable}. */
export const signHref = (visit: Pick<Visit, "viewer">, path: string, id: string): string =>
  hrefOf(visit, `sign/${path}/${id}`);

/** Where a person goes from the page of a signable, if its form names no page. */
const afterwards = (visit: Visit, { area, after }: Signable): string =>
  area === "platform" ? platformHref(after) : hrefOf(visit, after);

/** The pages on which people sign. */
export const signPages = (all: readonly Signable[]): Page[] =>
  all.map((signable) => ({
    path: `sign/${signable.path}/:id`,
    area: signable.area ?? "merchant",
    roles: signable.roles,
    get: (visit) => show(visit, signable, firstForm(visit)),
    post: (visit, form) => form.get("passkey") ? submit(visit, signable, form) : show(visit, signable, form),
  }));

async function submit(visit: Visit, signable: Signable, form: FormData): Promise<PageAnswer> {
  const { ctx, viewer, text: { again, didBy, stale } } = visit;
  const id = parameter(visit, "id");
  const text = signingText[visit.language];
  const done = async (what: string) => {
    const said = { id, text: what };
    return visit.c.redirect(await backWith(visit, form.get(BACK_FIELD), afterwards(visit, signable), said), 303);
  };
  const given = signedIn(signable, id, form);
  if (await isDoneAlready(ctx, viewer.person.id, given, form.get("passkey"))) return await done(again);
  const signature = await takeSignature(ctx, viewer.person.id, given, form.get("passkey"));
  if (signature === null) return await show(visit, signable, form, { heading: text.notSigned, status: 422 });
  try {
    await signable.run({ ...ctx, signature }, id, form);
  } catch (error) {
    if (isReplay(error)) return await done(again);
    if (isConflict(error)) return await show(visit, signable, form, { heading: stale, status: 409 });
    if (!(error instanceof Problem) || problems[error.code].status !== 409) throw error;
    const isChanged = error.code === "payout_changed" || error.code === "change_stale";
    const refusal = isChanged ? { heading: stale } : { heading: visit.text.errorsHeading, detail: error.detail };
    return await show(visit, signable, form, { ...refusal, status: 409 });
  }
  return await done(didBy(signable.did(text), viewer.person.name, clockText(visit.now)));
}

/** What the form says was signed. The verb compares it with what is stored now. */
const signedIn = ({ action }: Signable, id: string, form: FormData): Signed => ({
  action,
  subjectId: id,
  digest: String(form.get(DIGEST_FIELD) ?? ""),
});

/** Why a form is shown again. */
interface Refusal {
  readonly heading: string;
  readonly detail?: string;
  readonly status: 409 | 422;
}

async function show(
  visit: Visit,
  signable: Signable,
  form: FormData,
  refusal: Refusal | null = null,
): Promise<View> {
  const text = signingText[visit.language];
  const title = signable.title(text);
  const id = parameter(visit, "id");
  const back = backTo(
    visit,
    form.get(BACK_FIELD) ?? visit.url.searchParams.get("back"),
    afterwards(visit, signable),
  );
  const asked = await signable.ask?.(visit, text, form, id) ?? null;
  const body = asked !== null
    ? <AskForm {...{ visit, text, back }}>{asked}</AskForm>
    : await signForm({ visit, signable, form, back, text, id });
  return {
    title: refusal === null ? title : visit.text.error(title),
    ...(refusal === null ? {} : { status: refusal.status }),
    usesPasskey: true,
    body: (
      <>
        <header class="head">
          <p>
            <a href={back} data-back="">{visit.text.back}</a>
          </p>
          <h1>{title}</h1>
        </header>
        {refusal !== null && <Errors visit={visit} errors={[]} {...refusal} />}
        <section class="card narrow">{body}</section>
      </>
    ),
  };
}
