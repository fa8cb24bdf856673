import type { Context } from "../../context/context.ts";
import { first, type Query, statement } from "../../db/query.ts";
import { type Aggregate, setAllocated } from "./machine.ts";

/** SQL: cents that other payments and accounts have given to the checkout with the id `id`. */
export const allocatedSql = (id: string): string =>
  `((SELECT coalesce(sum(amount), 0) FROM allocations WHERE checkout_id = ${id}) + ` +
  `(SELECT coalesce(sum(amount), 0) FROM account_applications WHERE checkout_id = ${id}))`;

/**
 * The checkout with what its rows say was given to it. It differs from what is stored after money was moved away by
 * somebody who did not know of the checkout, such as a callback that proves whose the money is.
 */
export async function recountAllocated(ctx: Context, state: Aggregate, now: number): Promise<Aggregate> {
  const { id, amount_allocated: stored } = state.checkout;
  if (stored === 0) return state;
  const sum: Query<number> = { ...statement(`SELECT ${allocatedSql("?1")}`, id), map: ([found]) => Number(found) };
  const counted = Math.max(0, await first(ctx.db, sum) ?? stored);
  return counted === stored ? state : setAllocated(state, counted, now);
}
