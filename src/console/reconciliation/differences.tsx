import type { ReconciliationDetail } from "../../domain/reconciliations/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Column } from "../kit/list.ts";
import { Table } from "../kit/table.tsx";
import { Money } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { reconciliationText } from "./text.ts";

/** A line of the comparison that is not the same on both sides. */
interface Difference {
  readonly id: string;
  readonly kind: "created" | "completed" | "differs" | "missing" | "left_out";
  readonly receipt: string | null;
  readonly payment: string | null;
  readonly ours: number | null;
  readonly theirs: number | null;
  readonly why: string;
}

function differencesOf({ findings, left_out: leftOut }: ReconciliationDetail, visit: Visit): readonly Difference[] {
  const words = reconciliationText[visit.language];
  return [
    ...findings.map(({ outcome, ...row }): Difference => ({ ...row, id: row.receipt, kind: outcome, why: "" })),
    ...leftOut.map(({ row, receipt, amount, detail }): Difference => ({
      id: `row-${row}`,
      kind: "left_out",
      receipt,
      payment: null,
      ours: null,
      theirs: amount,
      why: `${words.line(row)}: ${detail}`,
    })),
  ];
}

/** The receipt, which leads to our payment where we have one. */
function Receipt({ row: { receipt, payment }, visit }: { row: Difference; visit: Visit }): Markup {
  const shown = <span class="id">{receipt ?? "—"}</span>;
  return payment === null || !visit.knows("payments/:id")
    ? shown
    : <a class="open" href={hrefOf(visit, `payments/${payment}`)}>{shown}</a>;
}

const columnsOf = (visit: Visit): readonly Column<Difference>[] => {
  const words = reconciliationText[visit.language];
  const money = (cents: number | null) => <Money cents={cents} look={visit} bare />;
  return [
    { head: () => words.kind, cell: ({ kind }) => words.kinds[kind], card: "chip" },
    { head: () => words.receipt, cell: (row) => <Receipt row={row} visit={visit} />, card: "who" },
    { head: () => words.ours, cell: ({ ours }) => money(ours), end: true },
    { head: () => words.theirs, cell: ({ theirs }) => money(theirs), end: true, card: "amount" },
    {
      head: () => words.difference,
      cell: ({ ours, theirs }) => ours === null || theirs === null ? "" : money(theirs - ours),
      end: true,
    },
    { head: () => words.why, cell: ({ why }) => why, card: "reason" },
  ];
};

/** What differs between M-Pesa's list and ours, and what was left out and why. */
export function Differences({ row, visit }: { row: ReconciliationDetail; visit: Visit }): Markup | null {
  const words = reconciliationText[visit.language];
  const rows = differencesOf(row, visit);
  return (
    <>
      {row.notes.length > 0 && (
        <section class="card">
          <h2>{words.notes}</h2>
          {row.notes.map((note) => <p>{note}</p>)}
        </section>
      )}
      {rows.length > 0 && (
        <>
          <h2>{words.differences}</h2>
          <Table
            visit={visit}
            caption={words.differences}
            columns={columnsOf(visit)}
            rows={rows}
            href={undefined}
            acts={[]}
            path="reconciliation"
            done={null}
          />
        </>
      )}
    </>
  );
}
