import { amountDue, askedBy, receivedOf } from "./due.ts";
import type { Aggregate, Attempt } from "./state.ts";

/** M-Pesa refuses the same amount from one customer again within this time (daraja.md section 10, code 17). */
const REPEAT_MS = 120_000;

/** What bounds the next prompt of a checkout that is collected in prompts: cents, and the time in ms. */
export interface PartBounds {
  /** M-Pesa's limit for one transaction. */
  readonly most: number;
  /** What the phone may still pay today. */
  readonly left: number;
  readonly now: number;
}

/** A prompt without a clear answer may still be paid, so what it asked for is not asked for again. */
const mayBePaid = ({ status }: Attempt): boolean => status === "pending" || status === "unknown";

/** Cents that no prompt has asked for that was paid or may still be paid. */
export function amountToSplit(state: Aggregate): number {
  const due = amountDue({ ...state.checkout, amount_received: receivedOf(state) });
  const open = state.attempts.filter(mayBePaid).reduce((sum, { id }) => sum + askedBy(state, id), 0);
  return Math.max(0, due - open);
}

/** Cents of the next prompt; 0: there is nothing to ask for, or nothing is left of the day. */
export function nextPart(state: Aggregate, { most, left, now }: PartBounds): number {
  const due = amountToSplit(state);
  const part = Math.min(due, most, left);
  const rest = due % most;
  const isRepeated = state.attempts.some((a) =>
    a.status === "succeeded" && askedBy(state, a.id) === part && now - a.created_at < REPEAT_MS
  );
  return isRepeated && rest > 0 && rest < part ? rest : part;
}

/** Which prompt comes next, from 1, and how many there are in all, if each asks for as much as it may. */
export function progressOf(state: Aggregate, most: number): { readonly part: number; readonly of: number } {
  const paid = state.attempts.filter(({ status }) => status === "succeeded").length;
  const open = state.attempts.some(({ status }) => status === "pending") ? 1 : 0;
  const left = Math.ceil(amountToSplit(state) / most);
  return { part: paid + 1, of: Math.max(paid + 1, paid + open + left) };
}
