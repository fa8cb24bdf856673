import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { createCheckout } from "../../domain/checkouts/create-checkout.ts";
import { listCheckouts } from "../../domain/checkouts/read.ts";
import type { ShortcodeView } from "../../domain/shortcodes/contract.ts";
import { getShortcode } from "../../domain/shortcodes/read.ts";
import { kenyanMobile } from "../../http/fields.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import type { LinkedAct } from "../kit/act.ts";
import { KEY_FIELD, typedIn } from "../kit/form.tsx";
import { formPage } from "../kit/form-page.tsx";
import { type Page, type PageAnswer, parameter } from "../kit/page.ts";
import { TextField } from "../kit/text-field.tsx";
import { hrefOf, type Look, type Visit } from "../kit/visit.ts";
import { shortcodesText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => shortcodesText[language];
const ONE_SHILLING = 100;
const TEST_S = 300;

/** The reference is of the form, so a second press finds what the first one made. */
const referenceOf = (form: FormData): string => `test-${typedIn(form, KEY_FIELD).slice(0, 13)}`;

/** Leads to the page of the test. */
export const testAct: LinkedAct<ShortcodeView> = {
  name: "test",
  roles: ["admin"],
  scopes: ["checkouts:write"],
  label: (look) => words(look).test,
  offered: ({ proven_at }) => proven_at !== null,
  href: ({ id }, visit) => hrefOf(visit, `shortcodes/${id}/test`),
};

/** A checkout of KES 1, paid by one's own phone: it proves the whole way. */
export const testPage: Page = formPage<ShortcodeView, CheckoutView>({
  path: "shortcodes/:id/test",
  roles: ["admin"],
  title: (look) => words(look).test,
  load: (visit) => getShortcode(visit.ctx, { id: parameter(visit, "id") }),
  home: ({ id }) => `shortcodes/${id}`,
  fields: ({ number }, visit, typed) => (
    <>
      <p>
        <b>{number}</b>
      </p>
      <TextField
        name="phone_number"
        label={words(visit).yourPhone}
        typed={typed}
        maxlength={32}
        inputmode="tel"
        isNeeded
      />
      <p class="consequence">{words(visit).testSays(number)}</p>
    </>
  ),
  button: (look) => words(look).testButton,
  async run(ctx, { number }, form, visit) {
    const phone = kenyanMobile(typedIn(form, "phone_number"));
    if (phone === null) throw invalidField("/phone_number", words(visit).phoneWrong);
    return await createCheckout(ctx, {
      amount: ONE_SHILLING,
      currency: "KES",
      reference: referenceOf(form),
      phone_number: phone,
      shortcode: number,
      expires_in: TEST_S,
    });
  },
  answer: ({ id }, row, visit) => toResult(id, row, visit),
  async again(row, visit, form) {
    const { data: [made] } = await listCheckouts(visit.ctx, { reference: referenceOf(form), limit: 1 });
    if (made === undefined) throw new Problem("unavailable", "The checkout is not stored yet.");
    return toResult(made.id, row, visit);
  },
});

/** The page that follows a prompt says what became of it, and leads back to the shortcode. */
function toResult(checkout: string, { id }: ShortcodeView, visit: Visit): PageAnswer {
  const back = new URLSearchParams({ back: hrefOf(visit, `shortcodes/${id}`) });
  return visit.c.redirect(`${hrefOf(visit, `till/${checkout}`)}?${back}`, 303);
}
