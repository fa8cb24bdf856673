import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { findCheckout, listCheckouts } from "../../domain/checkouts/read.ts";
import { getPayment } from "../../domain/payments/read.ts";
import { shillings } from "../../lib/shillings.ts";
import { ageText } from "../kit/values.tsx";
import type { Visit } from "../kit/visit.ts";
import { paymentsText } from "./text.ts";

/** A place that a payment may be for. */
export interface Candidate {
  /** Of a suggestion, or of the order that a person named. */
  readonly id: string;
  readonly reference: string;
  /** Cents that the order asks. */
  readonly amount: number;
  /** Why it may be this one. */
  readonly reason: string;
  /** A person named the order: the whole payment is matched to it. Otherwise what the suggestion says is done. */
  readonly isWhole: boolean;
}

/** The suggestions of the API, the likeliest first. */
export async function candidatesOf(
  row: PaymentView,
  visit: Pick<Visit, "ctx" | "language" | "text">,
): Promise<readonly Candidate[]> {
  const { suggestions, account_suggestions: accounts } = await getPayment(visit.ctx, { id: row.id });
  const words = paymentsText[visit.language];
  const orders = await Promise.all(
    suggestions.map(async ({ id, reference, amount, reason, checkout }) => {
      const fit = reason === "adds_up"
        ? [words.fits[reason]]
        : [words.fits[reason], ...differenceOf(row.amount - amount, words), ...await latenessOf(row, checkout, visit)];
      return { id, reference, amount, reason: fit.join(", "), isWhole: false };
    }),
  );
  return [
    ...orders,
    ...accounts.map(({ id, account_reference, allocations, reason }) => ({
      id,
      reference: account_reference,
      amount: allocations.reduce((sum, part) => sum + part.amount, 0),
      reason: words.fits[reason],
      isWhole: false,
    })),
  ];
}

type Words = typeof paymentsText["en"];

/** How much (cents) the payment is off what the order asks. */
function differenceOf(cents: number, words: Words): readonly string[] {
  if (cents === 0) return [];
  return [cents < 0 ? words.lessThan(shillings(-cents)) : words.moreThan(shillings(cents))];
}

const MINUTE_MS = 60_000;

/** How long after the order was made the money came, or before it. */
async function latenessOf(
  row: PaymentView,
  checkout: string,
  { ctx, language, text }: Pick<Visit, "ctx" | "language" | "text">,
): Promise<readonly string[]> {
  const { created_at: madeAt } = await findCheckout(ctx, checkout);
  const elapsed = Date.parse(row.paid_at ?? row.created_at) - Date.parse(madeAt);
  if (Math.abs(elapsed) < MINUTE_MS) return [];
  const words = paymentsText[language];
  const age = ageText(Math.abs(elapsed), text);
  return [elapsed > 0 ? words.later(age) : words.earlier(age)];
}

const MOST = 10;

/** The order that a person names by its id or its whole reference. */
export async function findOrder(visit: Visit, typed: string): Promise<Candidate | { readonly mistake: string }> {
  const words = paymentsText[visit.language];
  const { data } = await listCheckouts(visit.ctx, { q: typed.slice(0, 64), limit: MOST });
  const named = data.filter(({ id, reference }) => id === typed || reference === typed);
  const payable = named.filter(({ status }) => status !== "succeeded");
  const [only, ...others] = payable;
  if (only === undefined) return { mistake: words.noOrder };
  if (others.length > 0) return { mistake: words.severalOrders };
  return { id: only.id, reference: only.reference, amount: only.amount, reason: "", isWhole: true };
}
