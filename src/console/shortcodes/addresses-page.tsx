import * as contract from "../../domain/shortcodes/contract.ts";
import type { ShortcodeView } from "../../domain/shortcodes/contract.ts";
import { getShortcode } from "../../domain/shortcodes/read.ts";
import { registerUrls } from "../../domain/shortcodes/register-urls.ts";
import type { LinkedAct } from "../kit/act.ts";
import { backWith } from "../kit/done.ts";
import { typedIn } from "../kit/form.tsx";
import { formPage } from "../kit/form-page.tsx";
import { type Page, parameter } from "../kit/page.ts";
import { parsed } from "../kit/parsed.ts";
import { hrefOf, type Look } from "../kit/visit.ts";
import { shortcodesText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => shortcodesText[language];
const ANSWERS = ["completed", "cancelled"] as const;

/** Leads to the page that registers the addresses. */
export const addressesAct: LinkedAct<ShortcodeView> = {
  name: "addresses",
  roles: ["admin"],
  scopes: ["shortcodes:write"],
  label: (look) => words(look).registerAddresses,
  offered: () => true,
  href: ({ id }, visit) => hrefOf(visit, `shortcodes/${id}/addresses`),
};

/** Tells M-Pesa where to report payments that customers start themselves. */
export const addressesPage: Page = formPage<ShortcodeView, ShortcodeView>({
  path: "shortcodes/:id/addresses",
  roles: ["admin"],
  title: (look) => words(look).registerAddresses,
  load: (visit) => getShortcode(visit.ctx, { id: parameter(visit, "id") }),
  home: ({ id }) => `shortcodes/${id}`,
  fields({ number, urls }, visit, { form }) {
    const chosen = typedIn(form, "response_type") || ANSWERS[0];
    return (
      <>
        <p>
          <b>{number}</b>
        </p>
        <p class="consequence">{words(visit).addressesSays}</p>
        <fieldset id="f-response_type" class="choices">
          <legend>{words(visit).whenSilent}</legend>
          {ANSWERS.map((name) => (
            <label class="choice">
              <input type="radio" name="response_type" value={name} checked={chosen === name} />
              <span>{words(visit).silent[name]}</span>
            </label>
          ))}
        </fieldset>
        {urls !== null && (
          <label class="choice">
            <input type="checkbox" name="new_urls" value="1" checked={form.get("new_urls") === "1"} />
            <span>{words(visit).newAddresses}</span>
          </label>
        )}
      </>
    );
  },
  button: (look) => words(look).registerAddresses,
  run: (ctx, { id }, form) =>
    registerUrls(ctx, {
      id,
      ...parsed(contract.registerUrls, {
        response_type: typedIn(form, "response_type"),
        ...form.get("new_urls") === "1" ? { new_urls: true } : {},
      }),
    }),
  async answer(_made, { id }, visit) {
    const own = hrefOf(visit, `shortcodes/${id}`);
    return visit.c.redirect(await backWith(visit, own, own, { id, text: words(visit).addressesDid }), 303);
  },
});
