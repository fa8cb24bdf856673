import type { Child } from "hono/jsx";
import type { Markup } from "../../pages/markup.ts";
import { hasPage, type Offer, offeredActs, type Versioned } from "./act.ts";
import { type Done, rowAnchor } from "./done.ts";
import { Guard } from "./form.tsx";
import { Icon } from "./icons.tsx";
import type { Column } from "./list.ts";
import { hrefOf, type Visit } from "./visit.ts";

interface TableProps<R> {
  readonly visit: Visit;
  /** What the table lists. */
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly href: ((row: R) => string) | undefined;
  readonly acts: readonly Offer<R>[];
  /** The path of the records that the acts are about. */
  readonly path: string;
  /** What has just been done: said in its row. */
  readonly done: Done | null;
  /** What stands under the row that the address opens. */
  readonly opened?: ((row: R, visit: Visit) => Child | Promise<Child>) | undefined;
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
              class={classOf(column)}
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
  { visit, columns, href, acts, path, done, opened, row, hasActs }: RowProps<R>,
): Markup {
  const isOpen = opened !== undefined && visit.url.searchParams.get("open") === row.id;
  const isDone = done !== null && done.id === row.id;
  const link = columns.findIndex((column) => column.card === "who");
  return (
    <>
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
      {isOpen && (
        <tr role="row" class="below">
          <td role="cell" class="c-below" colspan={columns.length + (hasActs ? 1 : 0)}>{opened(row, visit)}</td>
        </tr>
      )}
    </>
  );
}

const classOf = <R,>({ end, card, spare }: Column<R>): string =>
  [end ? "end" : "", card === undefined ? "off" : `c-${card}`, spare ? "spare" : ""].filter((name) => name !== "").join(
    " ",
  );

interface ActsProps<R> {
  readonly visit: Visit;
  readonly acts: readonly Offer<R>[];
  readonly path: string;
  readonly row: R;
}

/** How many acts a row shows. The others are behind three dots. */
const SHOWN = 1;

/** The acts of a row or a page, the usual first. */
export function RowActs<R extends { readonly id: string }>(
  { visit, acts, path, row, shown = SHOWN }: ActsProps<R> & { readonly shown?: number },
): Markup {
  const offered = offeredActs(acts, row, visit);
  const others = offered.slice(shown);
  return (
    <>
      {offered.slice(0, shown).map((act) => <ActButton key={act.name} visit={visit} act={act} path={path} row={row} />)}
      {others.length > 0 && (
        <details class="menu">
          <summary aria-label={visit.text.moreActs}>
            <Icon name="more" />
          </summary>
          <div>
            {others.map((act) => <ActButton key={act.name} visit={visit} act={act} path={path} row={row} />)}
          </div>
        </details>
      )}
    </>
  );
}

type ActProps<R> = Omit<ActsProps<R>, "acts"> & { readonly act: Offer<R> };

/** An act with a consequence leads to its form; another is done by one press. */
function ActButton<R extends { readonly id: string }>({ visit, act, path, row }: ActProps<R>): Markup {
  const back = visit.url.pathname + visit.url.search;
  const address = "href" in act ? act.href(row, visit) : hrefOf(visit, `${path}/${row.id}/${act.name}`);
  if (hasPage(act)) {
    return <a class="act" href={`${address}?${new URLSearchParams({ back })}`}>{act.label(visit)}</a>;
  }
  return (
    <form method="post" action={address}>
      <Guard visit={visit} back={back} version={versionOf(row)} />
      <button class="act" type="submit" data-busy={visit.text.working}>{act.label(visit)}</button>
    </form>
  );
}

const versionOf = (row: object): number | null => (row as Partial<Versioned>).version ?? null;

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
