import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { event } from "../../db/trail.ts";
import type { Aggregate } from "./machine.ts";
import { paymentView } from "./payment-view.ts";
import { deletePayment, insertMerged, moveNotices } from "./store.ts";

/**
 * The statements that remove payments which were merged into another one. They abort the batch if a payment was changed
 * after it was loaded: another notice may have given it a receipt meanwhile.
 */
export const mergeStatements = ({ merged = [] }: Pick<Aggregate, "merged">, now: number): Statement[] =>
  merged.flatMap(({ payment, into }) => [
    deletePayment(payment.id, payment.version),
    abortIfUnchanged,
    insertMerged({ id: payment.id, merchant_id: payment.merchant_id, into_id: into, at: now }),
    moveNotices(payment.id, into),
  ]);

/** The events that tell shops that a payment which they know is the same transfer as another one. */
export async function mergeEvents(ctx: Context, { merged = [], payments }: Aggregate): Promise<Statement[]> {
  const list: Statement[] = [];
  for (const { payment, into } of merged) {
    const survivor = payments.find(({ id }) => id === into);
    if (survivor === undefined) continue;
    list.push(event(ctx, "payment.merged", into, { ...await paymentView(ctx, survivor), merged: payment.id }));
  }
  return list;
}
