import { csvColumnsOf, csvResponse } from "../../http/csv.ts";
import type { Page as ApiPage } from "../../http/pagination.ts";
import type { Sums } from "../../db/list.ts";
import type { Markup } from "../../pages/markup.ts";
import { type Done, doneOf, rowAnchor } from "./done.ts";
import { FilterBar } from "./filter-bar.tsx";
import { type Filtering, readFilters } from "./filters.ts";
import type { ListSpec } from "./list.ts";
import { type Live, liveOf } from "../live/live.ts";
import type { Page, PageAnswer } from "./page.ts";
import { Pager } from "./pager.tsx";
import { Empty, Table } from "./table.tsx";
import { shillingFigure } from "../../lib/shillings.ts";
import { hrefOf, type Visit, withParameters } from "./visit.ts";

const ROWS = 50;
/** Totals up to so many rows are counted before the page is shown; of more only when asked. */
const COUNTED_AT_ONCE = 10_000;

/** The page of a list. */
export function listPage<R extends { readonly id: string }>(spec: ListSpec<R>): Page {
  return {
    path: spec.path,
    area: spec.area ?? "merchant",
    roles: spec.roles,
    nav: spec.nav,
    get: (visit) => answer(visit, spec),
    live: (visit) => live(visit, spec),
  };
}

/** The rows that the address asks for, for a page that is open. */
async function live<R extends { readonly id: string }>(visit: Visit, spec: ListSpec<R>): Promise<Live> {
  const { input, errors } = await readFilters(visit, spec.filters, spec.route.operation.query);
  if (errors.length > 0) return await liveOf([], true);
  const cursor = visit.url.searchParams.get("cursor") ?? undefined;
  const found = await spec.route.run(visit.ctx, { ...input, ...spec.always, cursor, limit: ROWS });
  return await liveOf((found as ApiPage<R>).data); // by the route's contract
}

async function answer<R extends { readonly id: string }>(visit: Visit, spec: ListSpec<R>): Promise<PageAnswer> {
  const { url } = visit;
  const filtering = await readFilters(visit, spec.filters, spec.route.operation.query);
  const input = { ...filtering.input, ...spec.always, cursor: url.searchParams.get("cursor") ?? undefined };
  if (url.searchParams.get("format") === "csv") return await csv(visit, spec, input);
  if (url.searchParams.get("part") === "totals") {
    return visit.c.html(await <Totals visit={visit} spec={spec} sums={await sumsOf(visit, spec, input, null)} />);
  }
  const isAsked = url.searchParams.get("count") === "all";
  const [done, found, sums] = await Promise.all([
    doneOf(visit),
    // The rows of a route are of the type that its contract declares.
    filtering.errors.length > 0 ? none : spec.route.run(visit.ctx, { ...input, limit: ROWS }) as Promise<ApiPage<R>>,
    filtering.errors.length > 0 ? null : sumsOf(visit, spec, input, isAsked ? null : COUNTED_AT_ONCE),
  ]);
  const body = <Body visit={visit} spec={spec} filtering={filtering} found={found} sums={sums} done={done} />;
  return {
    title: visit.text.nav[spec.nav.name],
    body,
    ...filtering.errors.length > 0 ? { status: 400 as const } : { shown: await liveOf(found.data) },
  };
}

const none: ApiPage<never> = { data: [], next_cursor: null };

const sumsOf = async <R extends { readonly id: string }>(
  { ctx }: Visit,
  { sums }: ListSpec<R>,
  input: Readonly<Record<string, unknown>>,
  most: number | null,
): Promise<Sums | null> => await sums?.read(ctx, { ...input, cursor: undefined, limit: 1 }, most) ?? null;

async function csv<R extends { readonly id: string }>(
  visit: Visit,
  spec: ListSpec<R>,
  input: object,
): Promise<Response> {
  const columns = csvColumnsOf(spec.route.operation);
  if (columns === null) throw new Error(`${spec.route.operation.id} is no list`);
  return await csvResponse(visit.c, visit.ctx, spec.route, columns, { ...input, cursor: undefined });
}

interface BodyProps<R extends { readonly id: string }> {
  readonly visit: Visit;
  readonly spec: ListSpec<R>;
  readonly filtering: Filtering;
  readonly found: ApiPage<R>;
  readonly sums: Sums | null;
  readonly done: Done | null;
}

function Body<R extends { readonly id: string }>({ visit, spec, filtering, found, sums, done }: BodyProps<R>): Markup {
  const { text } = visit;
  const rows = found.data;
  const hasRow = done === null || rows.some(({ id }) => id === done.id);
  return (
    <>
      <header class="head">
        <div class="line">
          <h1>{text.nav[spec.nav.name]}</h1>
          {spec.create !== undefined && visit.knows(`${spec.path}/new`) && (
            <a class="button small" href={hrefOf(visit, `${spec.path}/new`)}>{spec.create(visit)}</a>
          )}
        </div>
        <p class="soft">{spec.question(visit)}</p>
      </header>
      {spec.note?.(visit)}
      <FilterBar visit={visit} filters={spec.filters} filtering={filtering} hasWhen />
      {!hasRow && <p class="note good" id={rowAnchor(done.id)} tabindex={-1} role="status">{done.text}</p>}
      <div class="bar">
        <Totals visit={visit} spec={spec} sums={sums} />
        <a
          class="quiet small"
          href={withParameters(visit, { format: "csv", cursor: null, trail: null, done: null })}
          title={text.csvTitle}
          data-csv=""
        >
          {text.csv}
        </a>
      </div>
      {rows.length > 0
        ? (
          <Table
            visit={visit}
            caption={[text.nav[spec.nav.name], ...filtering.words].join(", ")}
            columns={spec.columns}
            rows={rows}
            href={spec.href}
            acts={spec.acts ?? []}
            path={spec.actsAt ?? spec.path}
            done={done}
            opened={spec.opened}
          />
        )
        : filtering.errors.length === 0 && <Nothing visit={visit} spec={spec} filtering={filtering} />}
      <Pager visit={visit} next={found.next_cursor} />
      {spec.aside?.(visit, rows)}
    </>
  );
}

interface NothingProps<R extends { readonly id: string }> {
  readonly visit: Visit;
  readonly spec: ListSpec<R>;
  readonly filtering: Filtering;
}

function Nothing<R extends { readonly id: string }>({ visit, spec, filtering }: NothingProps<R>): Markup {
  const { text, url } = visit;
  return filtering.words.length === 0
    ? <Empty heading={text.none}>{spec.empty(visit)}</Empty>
    : (
      <Empty heading={text.noneFound}>
        <p>{text.filteredBy(filtering.words.join(", "))}</p>
        <p>
          <a href={url.pathname}>{text.clear}</a>
        </p>
      </Empty>
    );
}

interface TotalsProps<R extends { readonly id: string }> {
  readonly visit: Visit;
  readonly spec: ListSpec<R>;
  /** Null: not counted yet. */
  readonly sums: Sums | null;
}

/** The totals of the filter. Where counting may take long, a link asks for it, and the script follows it by itself. */
function Totals<R extends { readonly id: string }>({ visit, spec, sums }: TotalsProps<R>): Markup {
  const { text } = visit;
  if (spec.sums === undefined) return <p class="totals"></p>;
  if (sums !== null && sums.isAll) return <p class="totals" role="status">{spec.sums.text(sums, visit)}</p>;
  const part = withParameters(visit, { part: "totals", cursor: null, trail: null, done: null });
  return (
    <p class="totals" role="status">
      {sums !== null && <>{text.more(shillingFigure((sums.count - 1) * 100))} ·</>}
      <a href={withParameters(visit, { count: "all", done: null })} data-load={part} data-loading={text.counting}>
        {text.count}
      </a>
    </p>
  );
}
