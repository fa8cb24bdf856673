import type { Child } from "hono/jsx";
import type { Markup } from "../../pages/markup.ts";
import { type Act, offeredActs, type Versioned } from "./act.ts";
import { type Done, rowAnchor } from "./done.ts";
import { Guard } from "./form.tsx";
import type { Column } from "./list.ts";
import { hrefOf, type Visit } from "./visit.ts";

interface TableProps<R> {
  readonly visit: Visit;
  /** What the table lists. */
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly href: ((row: R) => string) | undefined;
  readonly acts: readonly Act<R>[];
  /** The path of the records that the acts are about. */
  readonly path: string;
  /** What has just been done: said in its row. */
  readonly done: Done | null;
}

/**
 * A table whose rows are cards on a phone. There CSS takes the table apart, so the roles of its parts are written out.
 */
export function Table<R extends { readonly id: string }>(props: TableProps<R>): Markup {
  const { visit, caption, columns, rows, acts } = props;
  const hasActs = rows.some((row) => offeredActs(acts, row, visit).length > 0);
  return (
    <table class="rows" role="table">
      <caption class="sr">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th
              role="columnheader"
              scope="col"
              class={column.end && "end"}
              {...column.sorted === undefined ? {} : { "aria-sort": column.sorted }}
            >
              {column.head(visit)}
            </th>
          ))}
          {hasActs && <th role="columnheader" scope="col" class="end">{visit.text.act}</th>}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => <Row key={row.id} {...props} row={row} hasActs={hasActs} />)}
      </tbody>
    </table>
  );
}

type RowProps<R> = TableProps<R> & { readonly row: R; readonly hasActs: boolean };

function Row<R extends { readonly id: string }>(
  { visit, columns, href, acts, path, done, row, hasActs }: RowProps<R>,
): Markup {
  const isDone = done !== null && done.id === row.id;
  const link = columns.findIndex((column) => column.card === "who");
  return (
    <tr role="row" id={rowAnchor(row.id)} tabindex={-1} class={isDone ? "done" : undefined} data-row="">
      {columns.map((column, i) => {
        const content = column.cell(row, visit);
        return (
          <td role="cell" class={classOf(column)}>
            {href !== undefined && i === Math.max(link, 0)
              ? <a class="open" href={hrefOf(visit, href(row))}>{content}</a>
              : content}
            {isDone && i === Math.max(link, 0) && <span class="did" role="status">{done.text}</span>}
          </td>
        );
      })}
      {hasActs && (
        <td role="cell" class="end acts">
          <RowActs visit={visit} acts={acts} path={path} row={row} />
        </td>
      )}
    </tr>
  );
}

const classOf = <R,>({ end, card }: Column<R>): string =>
  [end ? "end" : "", card === undefined ? "off" : `c-${card}`].filter((name) => name !== "").join(" ");

interface ActsProps<R> {
  readonly visit: Visit;
  readonly acts: readonly Act<R>[];
  readonly path: string;
  readonly row: R;
}

/** The acts of a row: those with a consequence lead to their form, the others are done by one press. */
export function RowActs<R extends { readonly id: string }>({ visit, acts, path, row }: ActsProps<R>): Markup {
  const back = visit.url.pathname + visit.url.search;
  return (
    <>
      {offeredActs(acts, row, visit).map((act) => {
        const address = hrefOf(visit, `${path}/${row.id}/${act.name}`);
        const isForm = act.consequence !== undefined || act.fields !== undefined;
        return isForm
          ? <a key={act.name} class="act" href={`${address}?${new URLSearchParams({ back })}`}>{act.label(visit)}</a>
          : (
            <form key={act.name} method="post" action={address}>
              <Guard visit={visit} back={back} version={versionOf(row)} />
              <button class="act" type="submit" data-busy={visit.text.working}>{act.label(visit)}</button>
            </form>
          );
      })}
    </>
  );
}

const versionOf = (row: object): number | null => "version" in row ? (row as Versioned).version : null;

interface EmptyProps {
  readonly heading: string;
  readonly children?: Child;
}

/** A list without rows: why, and one next act. */
export function Empty({ heading, children }: EmptyProps): Markup {
  return (
    <div class="empty">
      <p>
        <b>{heading}</b>
      </p>
      {children}
    </div>
  );
}
