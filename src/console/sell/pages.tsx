import { createCheckout } from "../../domain/checkouts/create-checkout.ts";
import { createPaymentLink } from "../../domain/payment-links/create-payment-link.ts";
import { freeText, kenyanMobile } from "../../http/fields.ts";
import { type FieldError, Problem, problems } from "../../problems/problem.ts";
import type { Page, PageAnswer } from "../kit/page.ts";
import { SELLERS } from "../kit/roles.ts";
import { runForm } from "../kit/run-act.ts";
import { firstForm, hrefOf, type Visit } from "../kit/visit.ts";
import { wholeCents } from "./amount.ts";
import { takePage } from "./came.tsx";
import { SellForms } from "./forms.tsx";
import { linkPages } from "./link.tsx";
import { madeBy, tillReference } from "./own.ts";
import { sellText } from "./text.ts";
import { tillPage } from "./till.tsx";
import { todayPage } from "./today.tsx";

/** How long a customer at the till has to pay, in seconds. */
const TILL_S = 600;
const whatText = freeText(1, 80);

/** Sell: ask a customer for money, at the till or by a link. */
export const sellPages: readonly Page[] = [
  {
    path: "sell",
    area: "merchant",
    roles: SELLERS,
    nav: { name: "sell", group: "today", icon: "till" },
    get: (visit) => Promise.resolve(formsView(visit, firstForm(visit), [])),
    post: (visit, form) => form.get("by") === "link" ? makeLink(visit, form) : askPhone(visit, form),
  },
  tillPage,
  todayPage,
  takePage,
  ...linkPages,
];

function formsView(visit: Visit, form: FormData, errors: readonly FieldError[], detail?: string): PageAnswer {
  const title = visit.text.nav.sell;
  const isRefused = errors.length > 0 || detail !== undefined;
  return {
    title: isRefused ? visit.text.error(title) : title,
    ...isRefused ? { status: 422 as const } : {},
    body: <SellForms visit={visit} form={form} errors={errors} detail={detail} />,
  };
}

async function askPhone(visit: Visit, form: FormData): Promise<PageAnswer> {
  const words = sellText[visit.language];
  const amount = wholeCents(form.get("amount_kes"));
  const phone = kenyanMobile(String(form.get("phone_number") ?? ""));
  const errors = [
    ...amount === null ? [{ pointer: "/amount_kes", detail: words.amountWrong }] : [],
    ...phone === null ? [{ pointer: "/phone_number", detail: words.phoneWrong }] : [],
  ];
  if (amount === null || phone === null) return formsView(visit, form, errors);
  const reference = tillReference(visit, form);
  try {
    await runForm(
      visit,
      form,
      (ctx) => createCheckout(ctx, { amount, currency: "KES", reference, phone_number: phone, expires_in: TILL_S }),
    );
  } catch (error) {
    return refusedView(visit, form, error);
  }
  const made = await madeBy(visit, form);
  if (made === null) throw new Problem("unavailable", "The checkout is not stored yet.");
  return visit.c.redirect(hrefOf(visit, `till/${made.id}`), 303);
}

async function makeLink(visit: Visit, form: FormData): Promise<PageAnswer> {
  const words = sellText[visit.language];
  const isOpen = String(form.get("amount_kes") ?? "").trim() === "";
  const amount = wholeCents(form.get("amount_kes"));
  const what = whatText.safeParse(form.get("description"));
  const errors = [
    ...!isOpen && amount === null ? [{ pointer: "/amount_kes", detail: words.amountWrong }] : [],
    ...what.success ? [] : [{ pointer: "/description", detail: what.error.issues[0]?.message ?? "must be a text" }],
  ];
  if (errors.length > 0 || !what.success) return formsView(visit, form, errors);
  let made: string | null = null;
  try {
    await runForm(visit, form, async (ctx) => {
      const reusable = form.get("reusable") === "yes";
      const link = await createPaymentLink(ctx, { amount, currency: "KES", description: what.data, reusable });
      made = link.id;
      return link;
    });
  } catch (error) {
    return refusedView(visit, form, error);
  }
  return visit.c.redirect(hrefOf(visit, made === null ? "links" : `links/${made}`), 303); // the newest is on top
}

/** What the person can mend is shown on the form. */
function refusedView(visit: Visit, form: FormData, error: unknown): PageAnswer {
  if (!(error instanceof Problem) || ![409, 422, 429].includes(problems[error.code].status)) throw error;
  return formsView(visit, form, error.errors, error.errors.length > 0 ? undefined : error.detail);
}
