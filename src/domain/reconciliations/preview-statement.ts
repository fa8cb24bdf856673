import type { Context } from "../../context/context.ts";
import { rows, select } from "../../db/query.ts";
import { payments } from "../../db/schema.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { ReconciliationDetail } from "./contract.ts";
import type { Statement } from "./parse-statement.ts";
import type { Reconciliation, Row } from "./store.ts";
import { reconciliationDetailView } from "./view.ts";

const MAX_FINDINGS = 500;
const selectByReceipts = select(payments, "WHERE receipt IN (SELECT value FROM json_each(?)) AND merchant_id = ?");

/**
 * What the import of a statement would find, by receipt; nothing is written. `findings` of the file itself come first.
 * Which checkouts the money would settle, and what the file does not list, only the import says.
 */
export async function previewStatement(
  ctx: Context,
  shortcode: Shortcode,
  row: Reconciliation,
  parsed: Statement,
  findings: readonly { readonly receipt: string; readonly theirs: number | null }[],
): Promise<ReconciliationDetail> {
  const receipts = JSON.stringify([...parsed.rows, ...findings].map(({ receipt }) => receipt));
  const [known] = await rows(ctx.db, selectByReceipts(receipts, ctx.merchantId));
  const own = new Map(known.filter((p) => p.shortcode_id === shortcode.id).map((p) => [p.receipt, p]));
  const elsewhere = new Set(known.filter((p) => p.shortcode_id !== shortcode.id).map(({ receipt }) => receipt));
  const found = (receipt: string, theirs: number | null, outcome: Row["outcome"]): Row => ({
    reconciliation_id: row.id,
    receipt,
    outcome,
    payment_id: own.get(receipt)?.id ?? null,
    ours: own.get(receipt)?.amount ?? null,
    theirs,
    account_reference: null,
    paid_at: null,
  });
  const all = [
    ...findings.map(({ receipt, theirs }) => found(receipt, theirs, "differs")),
    ...parsed.rows.map(({ receipt, amount }) => {
      const payment = own.get(receipt);
      if (payment === undefined) return found(receipt, amount, elsewhere.has(receipt) ? "differs" : "created");
      return found(receipt, amount, payment.amount === amount ? "matched" : "differs");
    }),
  ];
  const count = (outcome: Row["outcome"]) => all.filter((one) => one.outcome === outcome).length;
  const preview: Reconciliation = {
    ...row,
    status: "completed",
    ended_at: row.created_at,
    seen: all.length,
    matched: count("matched"),
    created: count("created"),
    differing: count("differs"),
    notes: ["This was a dry run: nothing was written.", ...row.notes],
  };
  const shown = all.filter(({ outcome }) => outcome !== "matched").slice(0, MAX_FINDINGS);
  return await reconciliationDetailView(ctx, preview, shown, parsed.leftOut);
}
