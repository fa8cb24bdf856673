import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { allocatePayment } from "../../domain/payments/allocate-payment.ts";
import { shillings } from "../../lib/shillings.ts";
import { Problem } from "../../problems/problem.ts";
import type { Act } from "../kit/act.ts";
import { centsOf } from "../kit/filters.ts";
import { Errors, Field, inputProps } from "../kit/form.tsx";
import { KEEPERS } from "../kit/roles.ts";
import type { Look, Visit } from "../kit/visit.ts";
import { findOrder } from "./candidates.ts";
import { paymentsText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => paymentsText[language];
const PLACES = [1, 2, 3, 4] as const;

/** One part of a payment, for an order. */
interface Part {
  readonly id: string;
  readonly reference: string;
  /** Cents. */
  readonly amount: number;
}

type Read = { readonly parts: readonly Part[] } | { readonly errors: readonly { pointer: string; detail: string }[] };

/** The parts that the address names. */
async function partsOf(row: PaymentView, visit: Visit): Promise<Read> {
  const { searchParams } = visit.url;
  const parts: Part[] = [];
  const errors: { pointer: string; detail: string }[] = [];
  for (const place of PLACES) {
    const order = searchParams.get(`order${place}`)?.trim() ?? "";
    const typed = searchParams.get(`amount${place}`)?.trim() ?? "";
    if (order === "" && typed === "") continue;
    const amount = centsOf(typed);
    if (amount === null || amount === 0) errors.push({ pointer: `amount${place}`, detail: words(visit).partWrong });
    const found = await findOrder(visit, order);
    if ("mistake" in found) errors.push({ pointer: `order${place}`, detail: found.mistake });
    else if (amount !== null) parts.push({ id: found.id, reference: found.reference, amount });
  }
  const sum = parts.reduce((total, part) => total + part.amount, 0);
  if (errors.length === 0 && sum > row.amount) {
    errors.push({ pointer: "amount1", detail: words(visit).partsTooMuch(shillings(sum), shillings(row.amount)) });
  }
  return errors.length > 0 ? { errors } : { parts };
}

async function requireParts(row: PaymentView, visit: Visit): Promise<readonly Part[]> {
  const read = await partsOf(row, visit);
  if ("parts" in read && read.parts.length > 0) return read.parts;
  throw new Problem("conflict", "errors" in read ? read.errors[0]?.detail ?? "" : words(visit).partWrong);
}

/** Divides a payment between several orders (c25). What is left waits on. */
export const splitAct: Act<PaymentView> = {
  name: "split",
  roles: KEEPERS,
  scopes: ["payments:write"],
  label: (look) => words(look).split,
  offered: ({ status, receipt }) => status === "unmatched" && receipt !== null,
  async ask(row, visit) {
    const read = await partsOf(row, visit);
    if ("parts" in read && read.parts.length > 0) return null;
    const errors = "errors" in read ? read.errors : [];
    const typed = (name: string) => visit.url.searchParams.get(name) ?? "";
    return (
      <>
        {errors.length > 0 && <Errors visit={visit} heading={visit.text.errorsHeading} errors={errors} />}
        <p class="hint">{words(visit).splitHint}</p>
        {PLACES.map((place) => (
          <div class="pair">
            <Field name={`order${place}`} label={words(visit).partOrder(place)} errors={errors}>
              <input {...inputProps(`order${place}`, errors)} value={typed(`order${place}`)} maxlength={64} />
            </Field>
            <Field name={`amount${place}`} label={words(visit).partAmount} errors={errors}>
              <input {...inputProps(`amount${place}`, errors)} value={typed(`amount${place}`)} inputmode="numeric" />
            </Field>
          </div>
        ))}
      </>
    );
  },
  async consequence(row, visit) {
    const parts = await requireParts(row, visit);
    const left = row.amount - parts.reduce((sum, { amount }) => sum + amount, 0);
    const list = parts.map(({ reference, amount }) => words(visit).partFor(shillings(amount), reference)).join(", ");
    return (
      <>
        {words(visit).splitSays(shillings(row.amount), list)} {left > 0 && words(visit).leftToPlace(shillings(left))}
      </>
    );
  },
  button: (_row, look) => words(look).split,
  async run(ctx, row, _form, visit) {
    const parts = await requireParts(row, visit);
    const allocations = parts.map(({ id, amount }) => ({ checkout: id, amount }));
    return await allocatePayment(ctx, { id: row.id, allocations });
  },
  did: (look) => words(look).splitDid,
};

/** Whether money is in a place that a person may take it out of. What a prompt has paid stays with its order. */
export const isMovable = ({ status, channel, amount_refunded: back }: PaymentView): boolean =>
  (status === "matched" || status === "partial") && channel !== "stk" && back === 0;

/** Takes a payment out of its place, so that it waits again. The shop is told. */
export const undoMatch: Act<PaymentView> = {
  name: "undo-match",
  roles: KEEPERS,
  scopes: ["payments:write"],
  label: (look) => words(look).undoMatch,
  offered: isMovable,
  isGrave: true,
  consequence: (_row, look) => words(look).undoSays,
  run: (ctx, { id }) => allocatePayment(ctx, { id, allocations: [] }),
  did: (look) => words(look).undone,
};
