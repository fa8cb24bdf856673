import type { ReconciliationDetail } from "../../domain/reconciliations/contract.ts";
import { startReconciliation } from "../../domain/reconciliations/start-reconciliation.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Problem } from "../../problems/problem.ts";
import { backWith } from "../kit/done.ts";
import { Errors, Field, Guard, inputProps, typedIn } from "../kit/form.tsx";
import type { Page, PageAnswer, View } from "../kit/page.ts";
import { refusedProblem } from "../kit/refused.ts";
import { KEEPERS } from "../kit/roles.ts";
import { runForm } from "../kit/run-act.ts";
import { clockText } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { Differences } from "./differences.tsx";
import { reconciliationText } from "./text.ts";

/** A statement of 2 MiB as text, besides the other fields. */
const FORM_BYTES = 3 * 1024 * 1024;
const figure = (count: number): string => shillingFigure(count * 100);

/** Compares with a statement: a dry run shows what would be added and left out, and only then it is taken (c28). */
export const statementPage: Page = {
  path: "reconciliation/new",
  area: "merchant",
  roles: KEEPERS,
  formBytes: FORM_BYTES,
  get: (visit) => Promise.resolve(formView(visit)),
  async post(visit, form) {
    const file = await fileOf(form);
    if (file === null) return formView(visit, reconciliationText[visit.language].noFile);
    try {
      return form.get("step") === "import" ? await take(visit, form, file) : await check(visit, file);
    } catch (error) {
      const refusal = refusedProblem(error);
      if (refusal === null) throw error;
      return formView(visit, textOf(refusal));
    }
  },
};

const textOf = ({ errors, detail }: Problem): string =>
  errors.length > 0 ? errors.map((one) => one.detail).join("; ") : detail;

/** The bytes of the file that was chosen, or of the one that was checked before. Null: there is none. */
async function fileOf(form: FormData): Promise<Uint8Array | null> {
  const file = form.get("file");
  if (file instanceof File && file.size > 0) return new Uint8Array(await file.arrayBuffer());
  const kept = typedIn(form, "kept");
  try {
    return kept === "" ? null : Uint8Array.fromBase64(kept);
  } catch {
    return null; // not what our page has put there
  }
}

async function check(visit: Visit, file: Uint8Array): Promise<View> {
  const found = await startReconciliation(visit.ctx, { file, dry_run: true });
  return {
    title: reconciliationText[visit.language].upload,
    body: <Checked visit={visit} found={found} kept={file.toBase64()} />,
  };
}

async function take(visit: Visit, form: FormData, file: Uint8Array): Promise<PageAnswer> {
  let id: string | null = null;
  await runForm(visit, form, async (ctx) => {
    const run = await startReconciliation(ctx, { file });
    id = run.id;
    return run;
  });
  if (id === null) return visit.c.redirect(hrefOf(visit, "reconciliation"), 303); // an earlier press has taken it
  const { imported } = reconciliationText[visit.language];
  const text = visit.text.didBy(imported, visit.viewer.person.name, clockText(visit.now));
  return visit.c.redirect(await backWith(visit, null, hrefOf(visit, `reconciliation/${id}`), { id, text }), 303);
}

function Head({ visit }: { visit: Visit }): Markup {
  return (
    <header class="head">
      <p>
        <a href={hrefOf(visit, "reconciliation")} data-back="">{visit.text.back}</a>
      </p>
      <h1>{reconciliationText[visit.language].upload}</h1>
    </header>
  );
}

function formView(visit: Visit, mistake: string | null = null): View {
  const words = reconciliationText[visit.language];
  const errors = mistake === null ? [] : [{ pointer: "file", detail: mistake }];
  return {
    title: mistake === null ? words.upload : visit.text.error(words.upload),
    ...mistake === null ? {} : { status: 422 as const },
    body: (
      <>
        <Head visit={visit} />
        {mistake !== null && <Errors visit={visit} heading={visit.text.errorsHeading} errors={errors} />}
        <section class="card narrow">
          <form method="post" action={visit.url.pathname} enctype="multipart/form-data" class="stack">
            <Guard visit={visit} back={hrefOf(visit, "reconciliation")} version={null} />
            <Field name="file" label={words.file} hint={words.fileHint} errors={errors}>
              <input {...inputProps("file", errors)} type="file" accept=".csv,.xlsx" required />
            </Field>
            <div class="buttons">
              <button type="submit" data-busy={visit.text.working}>{words.check}</button>
              <a class="button quiet" href={hrefOf(visit, "reconciliation")}>{visit.text.cancel}</a>
            </div>
          </form>
        </section>
      </>
    ),
  };
}

/** What the statement would add, as far as its findings are all listed. */
function saysOf({ language }: Visit, found: ReconciliationDetail): string {
  const words = reconciliationText[language];
  const added = found.findings.filter(({ outcome }) => outcome === "created");
  const [count, left] = [figure(found.created), figure(found.left_out_total)];
  if (found.created === 0) return words.agrees;
  if (added.length < found.created) return words.addsMany(count, left);
  return words.adds(count, shillings(added.reduce((sum, { theirs }) => sum + (theirs ?? 0), 0)), left);
}

interface CheckedProps {
  readonly visit: Visit;
  readonly found: ReconciliationDetail;
  /** The file, in Base64. */
  readonly kept: string;
}

function Checked({ visit, found, kept }: CheckedProps): Markup {
  const words = reconciliationText[visit.language];
  return (
    <>
      <Head visit={visit} />
      <section class="card narrow">
        <p>
          <b>{found.shortcode}</b> · {words.seen} {figure(found.seen)} · {words.same} {figure(found.matched)} ·{" "}
          {words.differ} {figure(found.differing)}
        </p>
        <form method="post" action={visit.url.pathname} enctype="multipart/form-data" class="stack">
          <Guard visit={visit} back={hrefOf(visit, "reconciliation")} version={null} />
          <input type="hidden" name="step" value="import" />
          <input type="hidden" name="kept" value={kept} />
          <p class="consequence">{saysOf(visit, found)}</p>
          <div class="buttons">
            <button type="submit" data-busy={visit.text.working}>
              {found.created > 0 ? words.addButton(figure(found.created)) : words.record}
            </button>
            <a class="button quiet" href={visit.url.pathname}>{words.otherFile}</a>
          </div>
        </form>
      </section>
      <Differences row={found} visit={visit} />
    </>
  );
}
