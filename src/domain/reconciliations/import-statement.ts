import { commit, type Context } from "../../context/context.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { Statement } from "../../db/database.ts";
import { auditEntry } from "../../db/trail.ts";
import { storeReversals } from "../refunds/reversals.ts";
import { chooseShortcode } from "./choose-shortcode.ts";
import type { ReconciliationDetail } from "./contract.ts";
import { newReconciliation } from "./new-reconciliation.ts";
import {
  type LeftOut,
  openStatement,
  type Statement as ParsedStatement,
  type StatementRow,
} from "./parse-statement.ts";
import { previewStatement } from "./preview-statement.ts";
import { isFinding } from "./left-out-fields.ts";
import { insertFindings, insertLeftOut, insertReconciliation, insertRows, type Row } from "./store.ts";
import { reconciliationDetailView } from "./view.ts";

const ROWS_PER_STATEMENT = 2_000;
const MAX_REPORTED = 20;

/**
 * Stores the rows of an M-Pesa statement (CSV or XLSX) and schedules the job that compares them. Errors:
 * `validation_failed`, `statement_shortcode_mismatch`. `isDryRun`: says what it would find, and writes nothing.
 */
export async function importStatement(
  ctx: Context,
  number: string | undefined,
  bytes: Uint8Array,
  isDryRun = false,
): Promise<ReconciliationDetail> {
  const file = openStatement(bytes);
  const { shortcode, notes } = await chooseShortcode(ctx, number, file.named);
  const parsed = file.read(numbersOf(shortcode), ctx.clock.now());
  const findings = findingsOf(parsed);
  const row = {
    ...newReconciliation(
      ctx,
      { merchant_id: ctx.merchantId, shortcode_id: shortcode.id, source: "statement", started_by: ctx.actor },
      parsed.window,
    ),
    unreadable: findings.length,
    left_out: parsed.leftOut.length,
    notes: [...notes, ...parsed.notes],
  };
  if (isDryRun) return await previewStatement(ctx, shortcode, row, parsed, withReceipt(findings));
  const view = await reconciliationDetailView(ctx, row, [], parsed.leftOut);
  await commit(ctx, row.id, [
    insertReconciliation(row),
    ...inPieces(parsed.rows, (piece) => insertRows(row.id, piece.map(waitingRow))),
    ...inPieces(parsed.leftOut, (piece) => insertLeftOut(row.id, piece)),
    ...inPieces(withReceipt(findings), (piece) => insertFindings(row.id, shortcode.id, piece)),
    ...storeReversals(ctx, shortcode.id, parsed.reversals, row.id, true),
    ctx.jobs.schedule("reconcile", shortcode.id, ctx.merchantId, ctx.clock.now()),
    auditEntry(ctx, "reconciliation.imported", row.id, {
      shortcode: shortcode.number,
      payments: parsed.rows.length,
      reversals: parsed.reversals.length,
      left: parsed.leftOut.length,
    }),
  ], { status: 202, body: view });
  ctx.note({ reconciliation: row.id, payments: parsed.rows.length, left: parsed.leftOut.length });
  if (findings.length > 0) reportFindings(ctx, row.id, findings);
  ctx.jobs.wake(ctx.clock.now());
  return view;
}

/** The numbers under which M-Pesa knows a shortcode. */
export const numbersOf = ({ number, storeNumber }: Pick<Shortcode, "number" | "storeNumber">): string[] =>
  storeNumber === null ? [number] : [number, storeNumber];

/** The rows that may be money that came in, and that could not be recorded. */
export const findingsOf = ({ leftOut }: ParsedStatement): LeftOut[] =>
  leftOut.filter(({ reason }) => isFinding(reason));

/** One finding a receipt: a finding is about a receipt, of which nothing else of the file is recorded. */
export function withReceipt(findings: readonly LeftOut[]): { receipt: string; theirs: number | null }[] {
  const byReceipt = Map.groupBy(findings.filter(({ receipt }) => receipt !== null), ({ receipt }) => receipt ?? "");
  return [...byReceipt].map(([receipt, rows]) => ({
    receipt,
    theirs: new Set(rows.map(({ amount }) => amount)).size === 1 ? rows[0]?.amount ?? null : null,
  }));
}

const inPieces = <T>(all: readonly T[], statementOf: (piece: readonly T[]) => Statement): Statement[] =>
  Array.from(
    { length: Math.ceil(all.length / ROWS_PER_STATEMENT) },
    (_, i) => statementOf(all.slice(i * ROWS_PER_STATEMENT, (i + 1) * ROWS_PER_STATEMENT)),
  );

const waitingRow = (row: StatementRow): Omit<Row, "reconciliation_id"> => ({
  receipt: row.receipt,
  outcome: "waiting",
  payment_id: null,
  ours: null,
  theirs: row.amount,
  account_reference: row.accountReference,
  paid_at: row.paidAt,
});

function reportFindings(ctx: Context, reconciliation: string, findings: readonly LeftOut[]): void {
  ctx.log.write("alert", "reconciliation_rows_set_aside", {
    reconciliation,
    rows: findings.slice(0, MAX_REPORTED).map(({ row, receipt, reason }) => ({ row, receipt, reason })),
    total: findings.length,
  });
}
