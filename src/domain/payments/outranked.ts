import type { Payment } from "../checkouts/machine.ts";
import { replaceStatements } from "../checkouts/merge.ts";
import { freePayment, hasGivenNothingBack, withdrawPayment } from "../checkouts/withdraw-payment.ts";
import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";

/**
 * Whether a row that only a file named gives way to what M-Pesa itself says: another amount, or another shortcode. A row
 * without a proven place gives way to whatever names a shortcode of the merchant and the account.
 */
const isOutranked = (known: Payment, payment: Payment): boolean =>
  known.uploaded &&
  (isOfNobody(known) || (!payment.uploaded &&
    (known.amount !== payment.amount || known.shortcode_id !== payment.shortcode_id)));

/**
 * Money for a number that is nobody's, or whose account is not proven: where it belongs is only inferred, and no person has
 * said what it is for.
 */
export const isOfNobody = ({ uploaded, receipt_source: source, status }: Payment): boolean =>
  uploaded && source === "inferred" && status === "unmatched";

/** Payments that M-Pesa's word outranks. */
export interface Outranked {
  /** Those that are gone, or go with what {@link replacing} gives. */
  readonly gone: readonly Payment[];
  /** Statements before and after those that store the payment `into`, which has their place, in the same batch. */
  readonly replacing: (into: string) => { readonly first: readonly Statement[]; readonly then: readonly Statement[] };
}

/**
 * Removes what M-Pesa's word outranks, in batches of its own: the money itself is recorded after it, and a notice whose
 * process dies in between is handled again. A payment with refunds that gave nothing back goes when the money is stored,
 * because they go with the receipt; so does money of a number of nobody, because nothing repeats the call of the operator
 * who books it. One of which some went back stays: a person must look.
 */
export async function withdrawOutranked(
  ctx: Context,
  found: readonly Payment[],
  payment: Payment,
): Promise<Outranked> {
  const gone: Payment[] = [];
  const replaced: Payment[] = [];
  for (const known of found.filter((one) => isOutranked(one, payment))) {
    if (!hasGivenNothingBack(known)) continue;
    const statements = isOfNobody(known) ? [] : await withdrawPayment(ctx, known, payment.id);
    if (statements.length === 0) replaced.push(await freePayment(ctx, known));
    else {
      await ctx.db.write(statements);
      ctx.jobs.wake(ctx.clock.now()); // the prompt that it was put to may have been paid by other money
    }
    gone.push(known);
  }
  return {
    gone,
    replacing: (into) => {
      const each = replaced.map((one) => replaceStatements(one, into, ctx.clock.now()));
      return { first: each.flatMap(({ first }) => first), then: each.flatMap(({ then }) => then) };
    },
  };
}
