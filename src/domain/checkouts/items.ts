import { invalidField } from "../../problems/problem.ts";
import type { Checkout } from "./machine.ts";

type Item = Checkout["items"][number];
type Bill = { readonly items: readonly Item[]; readonly amount: number };

const sumOf = (items: readonly Item[]): number => items.reduce((sum, { amount }) => sum + amount, 0);

const ofAllPieces = (item: Item): Item => ({ ...item, amount: item.amount * item.quantity });

/**
 * The items of a checkout, each with the cents of all its pieces together. Shops name those, or the price of one piece:
 * what adds up to the amount is meant.
 */
export const billOf = ({ items, amount }: Bill): readonly Item[] =>
  sumOf(items) === amount ? items : items.map(ofAllPieces);

/** Items that do not add up to the amount would be a false bill, and a false receipt. Errors: `validation_failed`. */
export function checkItems({ items, amount }: Bill): void {
  const [together, each] = [sumOf(items), sumOf(items.map(ofAllPieces))];
  if (items.length === 0 || together === amount || each === amount) return;
  throw invalidField(
    "/items",
    `must add up to amount, which is ${amount} cents. Their amounts come to ${together} cents, and to ${each} cents as ` +
      "prices of one piece",
  );
}
