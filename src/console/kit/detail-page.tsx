import type { Child } from "hono/jsx";
import type { Role } from "../../auth/roles.ts";
import type { Context } from "../../context/context.ts";
import { listAudit } from "../../domain/audit/list-audit.ts";
import type { TimelineEntry } from "../../domain/timeline/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Offer, Subject, Versioned } from "./act.ts";
import { Audit, type AuditLine } from "./audit.tsx";
import { actPages } from "./act-page.tsx";
import { type Done, doneOf, rowAnchor } from "./done.ts";
import { type Page, parameter, type View } from "./page.ts";
import { RowActs } from "./table.tsx";
import { Timeline } from "./timeline.tsx";
import { hrefOf, mayUse, type Visit } from "./visit.ts";

/** Something that is known of a record. */
export interface Fact {
  readonly label: string;
  readonly value: Child;
}

/** A record that belongs to another one. */
export interface Related {
  readonly path: string;
  readonly label: string;
  readonly chip: Child;
}

/** The page of one record: summary, acts, timeline, related records, who did what. */
export interface DetailSpec<R extends Versioned> {
  readonly subject: Subject<R>;
  readonly roles: readonly Role[];
  readonly title: (row: R, visit: Visit) => string;
  /** What stands biggest: mostly the amount. */
  readonly headline: (row: R, visit: Visit) => Child;
  readonly chip: (row: R, visit: Visit) => Child;
  readonly facts: (row: R, visit: Visit) => readonly Fact[];
  readonly acts: readonly Offer<R>[];
  readonly timeline?: (ctx: Context, input: { id: string }) => Promise<{ readonly data: readonly TimelineEntry[] }>;
  readonly related?: (row: R, visit: Visit) => Promise<readonly Related[]>;
  /** More cards under the summary. */
  readonly more?: (row: R, visit: Visit) => Child | Promise<Child>;
}

/** The page of a record, and the pages of its acts. */
export const detailPages = <R extends Versioned>(spec: DetailSpec<R>): readonly Page[] => [
  {
    path: `${spec.subject.path}/:id`,
    area: "merchant",
    roles: spec.roles,
    get: async (visit) => await detailView(visit, spec, await spec.subject.load(visit.ctx, parameter(visit, "id"))),
  },
  ...actPages(spec.subject, spec.acts),
];

async function detailView<R extends Versioned>(visit: Visit, spec: DetailSpec<R>, row: R): Promise<View> {
  const [done, timeline, related, audit, more] = await Promise.all([
    doneOf(visit),
    spec.timeline?.(visit.ctx, { id: row.id }) ?? { data: [] },
    spec.related?.(row, visit) ?? [],
    mayUse(visit, "audit:read") ? auditOf(visit, row.id) : [],
    spec.more?.(row, visit),
  ]);
  return {
    title: spec.title(row, visit),
    body: <Body {...{ visit, spec, row, done, related, audit, more, timeline: timeline.data }} />,
  };
}

/** A page shows all its acts. */
const ALL = 20;
const MOST_AUDITED = 20;

const auditOf = async ({ ctx }: Visit, subject: string): Promise<readonly AuditLine[]> =>
  (await listAudit(ctx, { subject, limit: MOST_AUDITED })).data;

interface BodyProps<R extends Versioned> {
  readonly visit: Visit;
  readonly spec: DetailSpec<R>;
  readonly row: R;
  readonly done: Done | null;
  readonly timeline: readonly TimelineEntry[];
  readonly related: readonly Related[];
  readonly audit: readonly AuditLine[];
  readonly more: Child;
}

function Body<R extends Versioned>({ visit, spec, row, done, timeline, related, audit, more }: BodyProps<R>): Markup {
  const { text } = visit;
  return (
    <>
      <header class="head">
        <p>
          <a href={hrefOf(visit, spec.subject.path)} data-back="">{text.back}</a>
        </p>
        <div class="line">
          <h1>{spec.title(row, visit)}</h1>
          {spec.chip(row, visit)}
        </div>
      </header>
      {done?.id === row.id && <p class="note good" id={rowAnchor(row.id)} tabindex={-1} role="status">{done.text}</p>}
      <div class="columns">
        <div>
          <section class="card" aria-label={text.summary}>
            <p class="sum">{spec.headline(row, visit)}</p>
            <div class="buttons acts">
              <RowActs visit={visit} acts={spec.acts} path={spec.subject.path} row={row} shown={ALL} />
            </div>
            <dl class="facts">
              {spec.facts(row, visit).map(({ label, value }) => (
                <>
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </>
              ))}
              <dt>{text.id}</dt>
              <dd>
                <span class="id">{row.id}</span>{" "}
                <button type="button" class="act" data-copy={row.id}>{text.copy}</button>
              </dd>
            </dl>
          </section>
          {more}
        </div>
        <div>
          <Timeline visit={visit} entries={timeline} />
          {related.length > 0 && (
            <section class="card">
              <h2>{text.related}</h2>
              <ul class="links">
                {related.map(({ path, label, chip }) => (
                  <li>
                    <a href={hrefOf(visit, path)}>
                      <b>{label}</b>
                      {chip}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <Audit visit={visit} lines={audit} />
        </div>
      </div>
    </>
  );
}
