import type { BatchView } from "../../domain/payouts/batch-contract.ts";
import { getBatch } from "../../domain/payouts/batches.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import type { Subject } from "../kit/act.ts";
import { Money } from "../kit/values.tsx";
import { batchesText } from "./text.ts";

/** What the acts on batches are about. */
export const batchSubject: Subject<BatchView> = {
  path: "batches",
  table: "payout_batches",
  load: (ctx, id) => getBatch(ctx, { id }),
  summary: (row, visit) => (
    <>
      <Money cents={row.amount} look={visit} />
      <b>{batchesText[visit.language].waits(shillingFigure(row.total * 100), shillings(row.amount))}</b>
      <span class="id">{row.id}</span>
    </>
  ),
};
