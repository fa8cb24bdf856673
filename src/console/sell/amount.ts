import { centsOf } from "../kit/filters.ts";

/** Whole shillings, in cents; null for anything else. */
export function wholeCents(typed: FormDataEntryValue | null): number | null {
  const cents = typeof typed === "string" ? centsOf(typed) : null;
  return cents !== null && cents > 0 && cents % 100 === 0 ? cents : null;
}
