import { ofNumber } from "../shortcodes/of-number.ts";
import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { rows } from "../../db/query.ts";
import { reconciliations } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { listReconciliations as contract, ReconciliationDetail, ReconciliationView } from "./contract.ts";
import type { LeftOut } from "./parse-statement.ts";
import { selectFindings, selectLeftOut, selectReconciliation } from "./store.ts";
import { reconciliationDetailView, reconciliationView } from "./view.ts";

const MAX_LEFT_OUT = 500;

/** One reconciliation with what it found. Errors: `not_found`. */
export async function getReconciliation(ctx: Context, { id }: { id: string }): Promise<ReconciliationDetail> {
  requireScope(ctx, "payments:read");
  return await loadDetail(ctx, id);
}

/** The same, for whoever may change it. */
export async function loadDetail(ctx: Context, id: string): Promise<ReconciliationDetail> {
  const [[row], findings, leftOut] = await rows(
    ctx.db,
    selectReconciliation(id, ctx.merchantId),
    selectFindings(id),
    selectLeftOut(id, MAX_LEFT_OUT),
  );
  if (row === undefined) {
    throw new Problem("not_found", "There is no reconciliation with this id. GET /v1/reconciliations lists yours.");
  }
  return await reconciliationDetailView(ctx, row, findings, leftOut as LeftOut[]); // their reasons are ours
}

const reconciliationColumns: ListColumns = {
  id: reconciliations.id,
  prefix: "rec",
  at: reconciliations.created_at,
  search: (text) => beginsAny([reconciliations.id], text),
};

/** Reconciliations, newest first. Errors: `invalid_query`. */
export async function listReconciliations(
  ctx: Context,
  input: Input<typeof contract>,
): Promise<Page<ReconciliationView>> {
  requireScope(ctx, "payments:read");
  const reach = reachTo(ctx, input.merchant);
  const filter = listFilter(input, reconciliationColumns, [
    ...statusConditions(input.status),
    input.shortcode && ofNumber(reconciliations.shortcode_id, input.shortcode),
  ]);
  const found = await listBy(ctx.db, reach, reconciliations, filter, input.limit + 1);
  const views = new Map(
    await Promise.all(found.map(async (row) => [row.id, await reconciliationView(ctx, row)] as const)),
  );
  return toPage(found, input.limit, (row) => views.get(row.id) as ReconciliationView); // made from the same rows above
}

/** A run that is undone is stored with the status that it ended in. */
function statusConditions(status: Input<typeof contract>["status"]) {
  if (status === undefined) return [];
  const { status: stored, reversing_at: begun, reversed_at: done } = reconciliations;
  if (status === "reversed") return [isNotNull(done)];
  if (status === "reversing") return [and(isNotNull(begun), isNull(done))];
  return [and(eq(stored, status), isNull(begun))];
}
