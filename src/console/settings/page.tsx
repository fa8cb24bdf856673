import { getMerchant, updateMerchant } from "../../domain/merchants/settings.ts";
import type { MerchantView } from "../../domain/merchants/settings-contract.ts";
import { isConflict } from "../../db/retry.ts";
import { Problem } from "../../problems/problem.ts";
import { backWith, doneOf, rowAnchor } from "../kit/done.ts";
import { Errors, KEY_FIELD, typedIn, VERSION_FIELD } from "../kit/form.tsx";
import type { Page, PageAnswer, View } from "../kit/page.ts";
import { refusedProblem } from "../kit/refused.ts";
import { runForm } from "../kit/run-act.ts";
import { clockText } from "../kit/values.tsx";
import { firstForm, hrefOf, type Visit } from "../kit/visit.ts";
import { SettingsForm } from "./form.tsx";
import { changeIn, formPointer } from "./read-form.ts";
import { settingsText } from "./text.ts";

/** A larger file is answered by our own page as long as it is no attack. */
const FORM_BYTES = 2 ** 20;

/** Settings: the merchant's brand and rules. */
export const settingsPage: Page = {
  path: "settings",
  area: "merchant",
  roles: ["admin"],
  nav: { name: "settings", group: "setup", icon: "gear" },
  formBytes: FORM_BYTES,
  get: async (visit) => await show(visit, await getMerchant(visit.ctx), firstForm(visit), null),
  post: submit,
};

async function submit(visit: Visit, form: FormData): Promise<PageAnswer> {
  const { text, viewer } = visit;
  const words = settingsText[visit.language];
  const now = await getMerchant(visit.ctx);
  const answer = async (said: string) =>
    visit.c.redirect(await backWith(visit, null, hrefOf(visit, "settings"), { id: now.id, text: said }), 303);
  try {
    const change = await changeIn(form, now, words);
    const shown = Number(typedIn(form, VERSION_FIELD));
    const isEmpty = Object.keys(change).length === 0;
    const outcome = await runForm(
      visit,
      form,
      (ctx) => isEmpty ? Promise.resolve(null) : updateMerchant(ctx, change, shown),
    );
    if (outcome === "again") return await answer(text.again);
    return await answer(isEmpty ? words.nothing : text.didBy(words.saved, viewer.person.name, clockText(visit.now)));
  } catch (error) {
    if (isConflict(error) || (error instanceof Problem && error.code === "conflict")) {
      // What is stored now: what was typed stood beside other values.
      return await show(visit, await getMerchant(visit.ctx), new FormData(), "stale");
    }
    const problem = refusedProblem(error);
    if (problem === null) throw error;
    return await show(visit, now, form, problem);
  }
}

async function show(
  visit: Visit,
  now: MerchantView,
  form: FormData,
  refused: Problem | "stale" | null,
): Promise<View> {
  const { text } = visit;
  const done = await doneOf(visit);
  const errors = refused instanceof Problem
    ? refused.errors.map((error) => ({ ...error, pointer: formPointer(error.pointer) }))
    : [];
  const title = text.nav.settings;
  const key = form.get(KEY_FIELD);
  return {
    title: refused === null ? title : text.error(title),
    ...refused === null ? {} : { status: refused === "stale" ? 409 as const : 422 as const },
    body: (
      <>
        <header class="head">
          <h1>{title}</h1>
          <p class="soft">{settingsText[visit.language].question}</p>
        </header>
        {refused === null && done !== null && (
          <p class="note good" id={rowAnchor(done.id)} tabindex={-1} role="status">{done.text}</p>
        )}
        {refused !== null && (
          <Errors
            visit={visit}
            heading={refused === "stale" ? text.stale : text.errorsHeading}
            {...refused === "stale" || errors.length > 0 ? {} : { detail: refused.detail }}
            errors={errors}
          />
        )}
        <SettingsForm
          visit={visit}
          now={now}
          form={form}
          errors={errors}
          formKey={typeof key === "string" ? key : crypto.randomUUID()}
        />
      </>
    ),
  };
}
