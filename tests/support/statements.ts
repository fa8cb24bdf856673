import assert from "node:assert/strict";
import type { ReconciliationDetail, ReconciliationView } from "../../src/domain/reconciliations/contract.ts";
import { mpesaTime } from "./facts.ts";
import type { InProcess } from "./in-process.ts";

/** One row of a statement; `in` and `out` in shillings, `at` in ms. */
export interface StatementLine {
  readonly receipt: string;
  readonly at: number;
  readonly in?: number;
  readonly out?: number;
  readonly account?: string;
  readonly type?: string;
  readonly details?: string;
  readonly status?: string;
  /** The receipt that the row reverses, as the column Linked Transaction ID has it. */
  readonly linked?: string;
}

const HEADER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.," +
  "Linked Transaction ID";

/** The time as statements have it: `22-11-2026 12:13:25`, in Nairobi. */
function statementTime(ms: number): string {
  const text = mpesaTime(ms);
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)];
  return `${day}-${month}-${year} ${text.slice(8, 10)}:${text.slice(10, 12)}:${text.slice(12, 14)}`;
}

export const statementText = (lines: readonly StatementLine[]): string =>
  [
    HEADER,
    ...lines.map((line) =>
      [
        line.receipt,
        statementTime(line.at),
        line.details ?? "Pay Bill",
        line.status ?? "Completed",
        line.in === undefined ? "" : `${line.in}.00`,
        line.out === undefined ? "" : `-${line.out}.00`,
        line.type ?? "Pay Bill Online",
        line.account ?? "",
        line.linked ?? "",
      ].join(",")
    ),
  ].join("\r\n");

/** Uploads a statement, and answers the reconciliation when it has ended. */
export async function importStatement(
  run: InProcess,
  lines: readonly StatementLine[],
  shortcode = "600000",
): Promise<ReconciliationDetail> {
  const { status, body } = await run.call<ReconciliationView>(
    "POST",
    `/v1/reconciliations?shortcode=${shortcode}`,
    undefined,
    { raw: statementText(lines), headers: { "content-type": "text/csv" } },
  );
  assert.equal(status, 202, JSON.stringify(body));
  await run.idle();
  await run.sweep();
  const done = (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${body.id}`)).body;
  assert.equal(done.status, "completed", done.problem ?? "");
  return done;
}
