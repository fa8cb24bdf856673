import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import type { Payment } from "./machine.ts";

/**
 * Statement: undoes the batch if the merchant has a payment with this receipt that the caller has not loaded: M-Pesa gives
 * a receipt once, and a source that named it for another shortcode came first. It comes before the receipt is stored.
 * Errors: `conflict` (thrown as ConstraintError), after which the step decides anew.
 */
export const abortIfReceiptUnseen = (
  { receipt, merchant_id }: Pick<Payment, "receipt" | "merchant_id">,
  loaded: readonly Payment[],
): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS (SELECT 1 FROM payments WHERE receipt = ? " +
      "AND merchant_id = ? AND id NOT IN (SELECT value FROM json_each(?)))",
    receipt,
    merchant_id,
    JSON.stringify(loaded.map(({ id }) => id)),
  );
