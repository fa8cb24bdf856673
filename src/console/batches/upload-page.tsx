import { MAX_BYTES } from "../../domain/payouts/batch-contract.ts";
import { type BatchCheck, checkBatch } from "../../domain/payouts/check-batch.ts";
import { createBatch } from "../../domain/payouts/create-batch.ts";
import type { FieldError, Problem } from "../../problems/problem.ts";
import { backWith } from "../kit/done.ts";
import { KEY_FIELD, typedIn } from "../kit/form.tsx";
import type { Page, PageAnswer, View } from "../kit/page.ts";
import { KEEPERS } from "../kit/roles.ts";
import { runForm } from "../kit/run-act.ts";
import { refusedProblem } from "../kit/refused.ts";
import { clockText } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { corrected } from "./corrections.ts";
import { batchesText } from "./text.ts";
import { CheckedFile, UploadForm } from "./upload-view.tsx";

/** A form has more than the file: the corrections and the hidden fields. */
const FORM_BYTES = MAX_BYTES + 256 * 1024;

/** Pays many at once: the file is checked first, and nothing is written before its result is sent. */
export const uploadPage: Page = {
  path: "batches/new",
  area: "merchant",
  roles: KEEPERS,
  formBytes: FORM_BYTES,
  get: (visit) => Promise.resolve(uploadView(visit, [])),
  post: async (visit, form) => {
    const csv = await fileOf(form);
    if (csv === null) {
      return uploadView(visit, [{ pointer: "file", detail: batchesText[visit.language].noFile }]);
    }
    return form.get("step") === "send" ? await send(visit, form, csv) : await check(visit, corrected(csv, form));
  },
};

const uploadView = (visit: Visit, errors: readonly FieldError[]): View => ({
  title: batchesText[visit.language].uploadTitle,
  ...errors.length > 0 ? { status: 422 as const } : {},
  body: UploadForm({ visit, errors }),
});

/** The text of the file that was chosen, or of the one that was checked before. Null: there is none. */
async function fileOf(form: FormData): Promise<string | null> {
  const file = form.get("file");
  if (file instanceof File && file.size > 0) return new TextDecoder().decode(await file.arrayBuffer());
  const kept = typedIn(form, "csv");
  return kept === "" ? null : kept;
}

async function check(visit: Visit, csv: string, refusal: Problem | null = null, key?: string): Promise<View> {
  const found = await checkBatch(visit.ctx, csv);
  return checkedView(visit, csv, refusal === null ? found : { ...found, refusal }, key);
}

const checkedView = (visit: Visit, csv: string, found: BatchCheck, formKey?: string): View => ({
  title: batchesText[visit.language].uploadTitle,
  ...found.problems.length > 0 || found.refusal !== null ? { status: 422 as const } : {},
  body: CheckedFile({ visit, csv, found, formKey: formKey ?? crypto.randomUUID() }),
});

async function send(visit: Visit, form: FormData, csv: string): Promise<PageAnswer> {
  const words = batchesText[visit.language];
  let id: string | null = null;
  try {
    await runForm(visit, form, async (ctx) => {
      const made = await createBatch(ctx, {
        csv,
        accept_valid: form.get("leave_out") === "1" ? "true" : "false",
        allow_duplicate: form.get("allow_duplicate") === "1",
      });
      id = made.id;
      return made;
    });
  } catch (error) {
    const refusal = refusedProblem(error);
    if (refusal === null) throw error;
    return await check(visit, csv, refusal, typedIn(form, KEY_FIELD));
  }
  if (id === null) return visit.c.redirect(hrefOf(visit, "batches"), 303); // an earlier press has made it
  const text = visit.text.didBy(words.made1, visit.viewer.person.name, clockText(visit.now));
  return visit.c.redirect(await backWith(visit, null, hrefOf(visit, `batches/${id}`), { id, text }), 303);
}
