import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { acceptSuggestion } from "../../domain/payments/accept-suggestion.ts";
import { matchPayment } from "../../domain/payments/match-payment.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Act } from "../kit/act.ts";
import { Errors } from "../kit/form.tsx";
import { KEEPERS } from "../kit/roles.ts";
import type { Visit } from "../kit/visit.ts";
import { Problem } from "../../problems/problem.ts";
import { type Candidate, candidatesOf, findOrder } from "./candidates.ts";
import { OrderField } from "./order-field.tsx";
import { paymentsText } from "./text.ts";

const wordsOf = ({ language }: Pick<Visit, "language">) => paymentsText[language];

/** What the address chose: a candidate, an order by its reference or id, or a mistake. Null: nothing yet. */
async function chosenOf(row: PaymentView, visit: Visit): Promise<Candidate | { readonly mistake: string } | null> {
  const { searchParams } = visit.url;
  const typed = searchParams.get("order")?.trim() ?? "";
  if (typed !== "") return await findOrder(visit, typed);
  const candidates = await candidatesOf(row, visit);
  const [only, ...others] = candidates;
  const chosen = searchParams.get("candidate");
  if (chosen === null) {
    return only !== undefined && others.length === 0 && searchParams.get("other") === null ? only : null;
  }
  return candidates.find(({ id }) => id === chosen) ?? null;
}

async function requireChosen(row: PaymentView, visit: Visit): Promise<Candidate> {
  const chosen = await chosenOf(row, visit);
  if (chosen !== null && !("mistake" in chosen)) return chosen;
  throw new Problem("conflict", chosen?.mistake ?? visit.text.stale);
}

/** Says what money is for (c23, c24): a suggested place, or an order that the person names. */
export const matchAct: Act<PaymentView> = {
  name: "match",
  roles: KEEPERS,
  scopes: ["payments:write"],
  label: (look) => wordsOf(look).match,
  offered: ({ status, receipt }) => (status === "unmatched" || status === "partial") && receipt !== null,
  async ask(row, visit) {
    const chosen = await chosenOf(row, visit);
    if (chosen !== null && !("mistake" in chosen)) return null;
    const words = wordsOf(visit);
    const candidates = await candidatesOf(row, visit);
    const errors = chosen === null ? [] : [{ pointer: "order", detail: chosen.mistake }];
    return (
      <>
        {errors.length > 0 && <Errors visit={visit} heading={visit.text.errorsHeading} errors={errors} />}
        {candidates.length > 0 && (
          <fieldset class="choices">
            <legend>{words.whichOrder}</legend>
            {candidates.map((candidate) => (
              <label class="choice">
                <input type="radio" name="candidate" value={candidate.id} />
                <b>{words.candidate(candidate.reference, shillings(candidate.amount))}</b>
                <span></span>
                <span class="soft">{candidate.reason}</span>
              </label>
            ))}
          </fieldset>
        )}
        <OrderField visit={visit} errors={errors} />
      </>
    );
  },
  async consequence(row, visit) {
    const { reference, amount, isWhole, reason } = await requireChosen(row, visit);
    const words = wordsOf(visit);
    if (isWhole && amount !== row.amount) return words.matchLess(reference, shillings(amount), shillings(row.amount));
    return (
      <>
        {words.matchSays(reference)} {reason !== "" && <span class="soft">{reason}</span>}
      </>
    );
  },
  fields(_row, visit) {
    const { searchParams } = visit.url;
    if (searchParams.has("order") || searchParams.has("candidate")) return null;
    return (
      <p>
        <a href={`${visit.url.pathname}?other=1`}>{wordsOf(visit).otherOrder}</a>
      </p>
    );
  },
  async run(ctx, row, _form, visit) {
    const chosen = await requireChosen(row, visit);
    return chosen.isWhole
      ? await matchPayment(ctx, { id: row.id, checkout: chosen.id })
      : await acceptSuggestion(ctx, { id: row.id, suggestion: chosen.id });
  },
  did: (look) => wordsOf(look).matched,
};
