import type { Markup } from "../../pages/markup.ts";
import type { Column } from "../kit/list.ts";
import { Table } from "../kit/table.tsx";
import type { Visit } from "../kit/visit.ts";
import type { Mistake } from "./corrections.ts";
import { batchesText } from "./text.ts";

/** A person corrects no more in a page. */
export const MOST_MISTAKES = 200;

type Row = Mistake & { readonly id: string };

const columnsOf = (visit: Visit): readonly Column<Row>[] => {
  const words = batchesText[visit.language];
  return [
    { head: () => words.line, cell: ({ line }) => `${words.line} ${line}`, card: "who" },
    {
      head: () => words.column,
      cell: ({ column }) => <span class="id">{column ?? words.wholeLine}</span>,
      card: "amount",
    },
    { head: () => words.problem, cell: ({ detail }) => detail, card: "reason" },
    {
      head: () => words.value,
      cell: ({ field, value, line, column }) =>
        field === null
          ? <span class="cut">{value}</span>
          : <input name={field} value={value} aria-label={`${words.line} ${line}, ${column}`} autocomplete="off" />,
    },
  ];
};

/** What is wrong in a file, each with a field that corrects it. On a phone it is only read. */
export function Mistakes({ visit, mistakes }: { visit: Visit; mistakes: readonly Mistake[] }): Markup {
  return (
    <Table
      visit={visit}
      caption={batchesText[visit.language].problem}
      columns={columnsOf(visit)}
      rows={mistakes.map((mistake, i) => ({ ...mistake, id: String(i) }))}
      href={undefined}
      acts={[]}
      path="batches"
      done={null}
    />
  );
}
