import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { matchPayment } from "../../domain/payments/match-payment.ts";
import { shillings } from "../../lib/shillings.ts";
import { Problem } from "../../problems/problem.ts";
import type { Act } from "../kit/act.ts";
import { Errors } from "../kit/form.tsx";
import { KEEPERS } from "../kit/roles.ts";
import type { Look, Visit } from "../kit/visit.ts";
import { type Candidate, findOrder } from "./candidates.ts";
import { OrderField } from "./order-field.tsx";
import { isMovable } from "./split.tsx";
import { paymentsText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => paymentsText[language];

/** The order that the address names, or what is wrong with it. Null: nothing yet. */
async function targetOf(visit: Visit): Promise<Candidate | { readonly mistake: string } | null> {
  const typed = visit.url.searchParams.get("order")?.trim() ?? "";
  return typed === "" ? null : await findOrder(visit, typed);
}

async function requireTarget(visit: Visit): Promise<Candidate> {
  const target = await targetOf(visit);
  if (target !== null && !("mistake" in target)) return target;
  throw new Problem("conflict", target?.mistake ?? visit.text.stale);
}

/** Moves money from the order that it was matched to into another one. The shop is told of both. */
export const moveAct: Act<PaymentView> = {
  name: "move",
  roles: KEEPERS,
  scopes: ["payments:write"],
  label: (look) => words(look).move,
  offered: isMovable,
  async ask(_row, visit) {
    const target = await targetOf(visit);
    if (target !== null && !("mistake" in target)) return null;
    const errors = target === null ? [] : [{ pointer: "order", detail: target.mistake }];
    return (
      <>
        {errors.length > 0 && <Errors visit={visit} heading={visit.text.errorsHeading} errors={errors} />}
        <OrderField visit={visit} errors={errors} />
      </>
    );
  },
  async consequence(row, visit) {
    const { reference, amount } = await requireTarget(visit);
    const text = words(visit);
    return (
      <>
        {text.moveSays(reference)}{" "}
        {amount !== row.amount && text.matchLess(reference, shillings(amount), shillings(row.amount))}
      </>
    );
  },
  run: async (ctx, { id }, _form, visit) => matchPayment(ctx, { id, checkout: (await requireTarget(visit)).id }),
  did: (look) => words(look).moved,
};
