import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { Problem } from "../../problems/problem.ts";
import { abortIfOverdrawn, loadAccount } from "../accounts/store.ts";
import type { Payment } from "./store.ts";

const kes = (cents: number): string => `KES ${(cents / 100).toLocaleString("en")}`;

const accountsOf = ({ allocations }: Payment): string[] =>
  (allocations ?? []).flatMap((part) => ("account" in part ? [part.account] : []));

/**
 * Checks that what is refunded is in no checkout, and still in its account: a refund never takes money away from a place
 * that nobody named. `left`: cents that nobody was promised. Errors: `wrong_state`.
 */
export async function checkPlaces(ctx: Context, payment: Payment, left: number, amount: number): Promise<void> {
  const parts = payment.allocations ?? [];
  const placed = parts.reduce((sum, part) => sum + part.amount, 0);
  const needed = amount - Math.max(0, left - placed);
  if (parts.length === 0 || needed <= 0) return;
  const inCheckouts = parts.reduce((sum, part) => sum + ("checkout" in part ? part.amount : 0), 0);
  const accounts = accountsOf(payment);
  if (inCheckouts > 0 && needed > Math.min(left, placed) - inCheckouts) {
    throw new Problem(
      "wrong_state",
      "The money was allocated to checkouts. Take it from them first: POST /v1/payments/{id}/allocate with what is to stay.",
    );
  }
  if (accounts.length > 1 && amount < left) {
    throw new Problem(
      "wrong_state",
      "The money is in several accounts. Say first what is to stay in each: POST /v1/payments/{id}/allocate.",
    );
  }
  if (accounts.length > 1) return;
  const state = await loadAccount(ctx, accounts[0] ?? "");
  if (state !== null && needed > state.balance) {
    throw new Problem(
      "wrong_state",
      `The account has ${
        kes(Math.max(0, state.balance))
      } left: the rest was applied to checkouts or given back. Refund at most that.`,
    );
  }
}

/** Statements: undo the batch if an account of the payment has less than nothing after the refund's promise. */
export const abortIfOverdrawnBy = (payment: Payment): Statement[] =>
  accountsOf(payment).map((id) => abortIfOverdrawn(id));
