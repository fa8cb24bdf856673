import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { listCheckouts } from "../../domain/checkouts/read.ts";
import { Problem } from "../../problems/problem.ts";
import { KEY_FIELD } from "../kit/form.tsx";
import { rangeOf } from "../kit/period.ts";
import type { Visit } from "../kit/visit.ts";

/** Digits of the ids that a reference has: enough that two people, or two forms, of one merchant do not share it. */
const PERSON_DIGITS = 8;
const FORM_DIGITS = 13;
const MOST = 100;

/** How the references begin that this person's sales at the till get. */
const ownPrefix = ({ viewer }: Pick<Visit, "viewer">): string => `till-${viewer.person.id.slice(-PERSON_DIGITS)}-`;

/** The reference of what a form makes: the same at each press, so a second one finds what the first one made. */
export const tillReference = (visit: Pick<Visit, "viewer">, form: FormData): string =>
  ownPrefix(visit) + String(form.get(KEY_FIELD)).slice(0, FORM_DIGITS);

/** What a form made; null: nothing yet. */
export async function madeBy(visit: Visit, form: FormData): Promise<CheckoutView | null> {
  const { data: [made] } = await listCheckouts(visit.ctx, { reference: tillReference(visit, form), limit: 1 });
  return made ?? null;
}

/** What this person has asked for at the till today, the newest first. */
export async function ownOfToday(visit: Visit): Promise<readonly CheckoutView[]> {
  const { from } = rangeOf("today", visit.now);
  const { data } = await listCheckouts(visit.ctx, { q: ownPrefix(visit), created_from: from, limit: MOST });
  return data.filter(({ reference }) => reference.startsWith(ownPrefix(visit)));
}

/** Who only sells sees their own sales of today. */
export const isOwnToday = (row: Pick<CheckoutView, "reference" | "created_at">, visit: Visit): boolean =>
  row.reference.startsWith(ownPrefix(visit)) && Date.parse(row.created_at) >= rangeOf("today", visit.now).from;

/** Refuses a cashier what is not theirs, as if it did not exist. Errors: `not_found`. */
export function requireOwn(row: Pick<CheckoutView, "reference" | "created_at">, visit: Visit): void {
  const isCashierOnly = visit.viewer.roles.every((role) => role === "cashier");
  if (isCashierOnly && !isOwnToday(row, visit)) throw new Problem("not_found", "You have no such sale today.");
}
