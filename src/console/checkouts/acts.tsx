import { cancelCheckout } from "../../domain/checkouts/cancel-checkout.ts";
import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { createAttempt } from "../../domain/checkouts/create-attempt.ts";
import { lastPromptedPhone } from "../../domain/checkouts/last-phone.ts";
import { findCheckout } from "../../domain/checkouts/read.ts";
import { refreshCheckout } from "../../domain/checkouts/refresh-checkout.ts";
import type { Context } from "../../context/context.ts";
import { kenyanMobile } from "../../http/fields.ts";
import { shillings } from "../../lib/shillings.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Act, Subject } from "../kit/act.ts";
import { Field, inputProps } from "../kit/form.tsx";
import { SELLERS } from "../kit/roles.ts";
import { Money, phoneText } from "../kit/values.tsx";
import type { Visit } from "../kit/visit.ts";
import { requireOwn } from "../sell/own.ts";
import { checkoutsText } from "./text.ts";

const wordsOf = ({ language }: Pick<Visit, "language">) => checkoutsText[language];
const isPayable = ({ status }: CheckoutView): boolean => status === "open" || status === "pending";

/** What the acts on checkouts are about. */
export const checkoutSubject: Subject<CheckoutView> = {
  path: "checkouts",
  table: "checkouts",
  load: findCheckout,
  require: requireOwn,
  summary: (row, visit) => (
    <>
      <Money cents={row.amount} look={visit} />
      <b>{row.reference}</b>
      <span class="soft">{row.account_reference}</span>
    </>
  ),
};

const base = { roles: SELLERS, scopes: ["checkouts:write"] } as const;

/** Asks M-Pesa what became of the prompts. It moves nothing. */
export const askNow: Act<CheckoutView> = {
  ...base,
  name: "ask-now",
  label: (look) => wordsOf(look).askNow,
  offered: (row) => row.status !== "succeeded" && row.attempts.length > 0,
  run: (ctx, { id }) => refreshCheckout(ctx, { id }),
  did: (look) => wordsOf(look).askedNow,
};

/** Sends one more prompt. */
export const promptAgain: Act<CheckoutView> = {
  ...base,
  name: "prompt",
  label: (look) => wordsOf(look).prompt,
  offered: (row) => row.status === "open",
  fields(row, visit, form) {
    const words = wordsOf(visit);
    const last = row.attempts.at(-1);
    const typed = form.get("phone_number");
    const isWrong = typeof typed === "string" && typed !== "" && kenyanMobile(typed) === null;
    const errors = isWrong ? [{ pointer: "/phone_number", detail: words.phoneWrong }] : [];
    return (
      <Field
        name="phone_number"
        label={words.phoneLabel}
        hint={last === undefined ? words.phoneHintFirst : words.phoneHint(phoneText(last.phone_number))}
        errors={errors}
      >
        <input
          {...inputProps("phone_number", errors)}
          type="tel"
          value={typeof typed === "string" ? typed : ""}
          maxlength={32}
          autocomplete="off"
          required={last === undefined}
        />
      </Field>
    );
  },
  consequence: (row, visit) => wordsOf(visit).promptSays(shillings(row.amount_due)),
  button: (row, visit) => wordsOf(visit).promptButton(shillings(row.amount_due)),
  run: async (ctx, { id }, form, visit) =>
    await createAttempt(ctx, { id, phone_number: await phoneOf(ctx, id, form, visit) }),
  did: (look) => wordsOf(look).prompted,
};

/** The phone that was typed, or else the last that was prompted (12 digits). Errors: `validation_failed`. */
async function phoneOf(ctx: Context, id: string, form: FormData, visit: Visit): Promise<string> {
  const typed = form.get("phone_number");
  const isTyped = typeof typed === "string" && typed.trim() !== "";
  const phone = isTyped ? kenyanMobile(typed) : await lastPromptedPhone(ctx, id);
  if (phone === null) throw invalidField("/phone_number", wordsOf(visit).phoneWrong);
  return phone;
}

/** Ends a checkout that is not paid. */
export const cancelAct: Act<CheckoutView> = {
  ...base,
  name: "cancel",
  label: (look) => wordsOf(look).cancel,
  offered: isPayable,
  isGrave: true,
  consequence: (row, visit) => wordsOf(visit).cancelSays(row.reference),
  button: (_row, look) => wordsOf(look).cancelButton,
  run: (ctx, { id }) => cancelCheckout(ctx, { id }),
  did: (look) => wordsOf(look).cancelled,
};
