import type { Child } from "hono/jsx";
import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { createRefund } from "../../domain/refunds/create-refund.ts";
import { freeText } from "../../http/fields.ts";
import { shillings } from "../../lib/shillings.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Act } from "../kit/act.ts";
import { centsOf } from "../kit/filters.ts";
import { Select } from "../kit/filter-bar.tsx";
import { Errors, Field, inputProps } from "../kit/form.tsx";
import { KEEPERS } from "../kit/roles.ts";
import { hrefOf, mayUse, type Visit } from "../kit/visit.ts";
import { paymentsText } from "./text.ts";

const reasonText = freeText(2, 100);
const AMOUNT = "amount_kes";

/** Cents that can still go back. */
const leftOf = (row: PaymentView): number => row.amount - row.amount_refunded - row.amount_taken_back;

const wordsOf = ({ language }: Pick<Visit, "language">) => paymentsText[language];

function Reason(row: PaymentView, visit: Visit, form: FormData): Child {
  const words = wordsOf(visit);
  const usual = row.status === "duplicate_payment" ? "Paid twice" : "Customer changed their mind";
  const chosen = form.get("reason");
  return (
    <Field name="reason" label={words.reason}>
      <Select
        name="reason"
        value={typeof chosen === "string" ? chosen : usual}
        options={Object.entries(words.reasons)}
      />
    </Field>
  );
}

function reasonOf(form: FormData): string {
  const reason = reasonText.safeParse(form.get("reason"));
  if (!reason.success) throw invalidField("/reason", "pick a reason");
  return reason.data;
}

/** Gives a whole payment back: M-Pesa reverses it (c21). */
export const giveBack: Act<PaymentView> = {
  name: "give-back",
  roles: KEEPERS,
  scopes: ["refunds:write"],
  label: (look) => wordsOf(look).giveBack,
  offered: (row) => row.receipt !== null && leftOf(row) === row.amount && row.status !== "refunded",
  isGrave: true,
  fields: (row, visit, form) => (
    <>
      {Reason(row, visit, form)}
      {mayUse(visit, "payouts:write") && row.payer.phone_number !== null && (
        <p>
          <a href={hrefOf(visit, `payments/${row.id}/give-back-part`)}>{wordsOf(visit).giveBackPart}</a>
        </p>
      )}
    </>
  ),
  consequence: (row, visit) => wordsOf(visit).giveBackSays(shillings(row.amount)),
  button: (row, visit) => wordsOf(visit).giveBackButton(shillings(row.amount)),
  run: (ctx, row, form) => createRefund(ctx, { payment: row.id, reason: reasonOf(form), method: "reversal" }),
  did: (look, row) => wordsOf(look).giveBackDid(shillings(row.amount)),
};

/** The amount of the address, in cents; null if it is none that can go back. */
function askedAmount(row: PaymentView, { url }: Visit): number | null {
  const cents = centsOf(url.searchParams.get(AMOUNT) ?? "");
  return cents !== null && cents > 0 && cents % 100 === 0 && cents <= leftOf(row) ? cents : null;
}

/** Sends a part of a payment to the payer's phone (c22). */
export const giveBackPart: Act<PaymentView> = {
  name: "give-back-part",
  roles: KEEPERS,
  scopes: ["refunds:write", "payouts:write"],
  label: (look) => wordsOf(look).giveBackPart,
  offered: (row) =>
    row.receipt !== null && leftOf(row) > 0 && row.status !== "refunded" && row.payer.phone_number !== null,
  isGrave: true,
  ask(row, visit) {
    if (askedAmount(row, visit) !== null) return null;
    const words = wordsOf(visit);
    const typed = visit.url.searchParams.get(AMOUNT);
    const hint = words.canGoBack(shillings(leftOf(row)), shillings(row.amount));
    const errors = typed === null ? [] : [{ pointer: AMOUNT, detail: hint }];
    return (
      <>
        {typed !== null && <Errors visit={visit} heading={visit.text.errorsHeading} errors={errors} />}
        <Field name={AMOUNT} label={words.partAmount} hint={hint} errors={errors}>
          <input {...inputProps(AMOUNT, errors)} value={typed ?? ""} inputmode="numeric" required />
        </Field>
      </>
    );
  },
  fields: Reason,
  consequence: (row, visit) => wordsOf(visit).partSays(shillings(askedAmount(row, visit) ?? 0)),
  button: (row, visit) => wordsOf(visit).giveBackButton(shillings(askedAmount(row, visit) ?? 0)),
  async run(ctx, row, form, visit) {
    const amount = askedAmount(row, visit);
    if (amount === null) throw invalidField(`/${AMOUNT}`, "is no amount that can still go back");
    return await createRefund(ctx, { payment: row.id, amount, reason: reasonOf(form), method: "payout" });
  },
  did: (look) => wordsOf(look).giveBackPart,
};
