import type { Role } from "../../auth/roles.ts";
import { nairobiMidnight } from "../../daraja/time.ts";
import { getSummary as contract, type Summary, type SummaryLine } from "../../domain/reports/contract.ts";
import { getSummary } from "../../domain/reports/summary.ts";
import { csvColumnsOf, csvResponse } from "../../http/csv.ts";
import { route } from "../../http/operation.ts";
import type { Markup } from "../../pages/markup.ts";
import { reasonText } from "../kit/failures.ts";
import { Field } from "../kit/form.tsx";
import { Select } from "../kit/filter-bar.tsx";
import type { Page, PageAnswer } from "../kit/page.ts";
import { isPeriod, type Period, PERIODS, rangeOf } from "../kit/period.ts";
import { Empty } from "../kit/table.tsx";
import { dayText, Money } from "../kit/values.tsx";
import { hrefOf, type Visit, withParameters } from "../kit/visit.ts";
import { reportsText } from "./text.ts";

const READERS: readonly Role[] = ["viewer", "finance", "admin", "platform"];
const DAY_MS = 86_400_000;
const BYS = ["day", "channel", "shortcode", "store", "failure"] as const;
type By = typeof BYS[number];

/** Reports: how was the month? */
export const reportPages: readonly Page[] = [
  { path: "reports", area: "merchant", roles: READERS, nav: { name: "reports", group: "books", icon: "chart" }, get },
];

async function get(visit: Visit): Promise<PageAnswer> {
  const { searchParams } = visit.url;
  const when = searchParams.get("when");
  const period: Period = isPeriod(when) ? when : "month";
  const by: By = BYS.find((name) => name === searchParams.get("by")) ?? "day";
  const { from, to = visit.now } = rangeOf(period, visit.now);
  if (searchParams.get("format") === "csv") {
    const summary = route(contract, getSummary);
    return await csvResponse(visit.c, visit.ctx, summary, csvColumnsOf(contract) ?? [], { from, to, by });
  }
  const summary = await getSummary(visit.ctx, { from, to, by });
  const words = reportsText[visit.language];
  return {
    title: visit.text.nav.reports,
    body: (
      <>
        <header class="head">
          <h1>{visit.text.nav.reports}</h1>
          <p class="soft">{words.question}</p>
        </header>
        <form class="filters" method="get" action={visit.url.pathname} data-filters="">
          <Field name="when" label={visit.text.when.label}>
            <Select name="when" value={period} options={PERIODS.map((name) => [name, visit.text.when[name]])} />
          </Field>
          <Field name="by" label={words.by}>
            <Select name="by" value={by} options={BYS.map((name) => [name, words.bys[name]])} />
          </Field>
          <button type="submit" class="quiet">{visit.text.filter}</button>
        </form>
        <div class="bar">
          <p class="totals">{`${visit.text.when[period]}, ${words.bys[by]}`}</p>
          <span class="buttons">
            <button type="button" class="quiet small" data-print="">{words.print}</button>
            <a class="quiet small" href={withParameters(visit, { format: "csv" })} data-csv="">{visit.text.csv}</a>
          </span>
        </div>
        {summary.data.length === 0
          ? <Empty heading={words.empty} />
          : <ReportTable visit={visit} summary={summary} by={by} period={period} />}
        {by !== "failure" && <p class="soft">{words.fee}</p>}
      </>
    ),
  };
}

interface ReportTableProps {
  readonly visit: Visit;
  readonly summary: Summary;
  readonly by: By;
  readonly period: Period;
}

function ReportTable({ visit, summary, by, period }: ReportTableProps): Markup {
  const words = reportsText[visit.language];
  const isFailure = by === "failure";
  const heads = isFailure
    ? [words.failed, words.asked]
    : [words.count, words.in, words.payouts, words.out, words.fees, words.net];
  return (
    <div class="wide" tabindex={0} role="region" aria-label={visit.text.nav.reports}>
      <table class="sums">
        <caption class="sr">{`${visit.text.nav.reports}, ${visit.text.when[period]}, ${words.bys[by]}`}</caption>
        <thead>
          <tr>
            <th scope="col">{words.bys[by]}</th>
            {heads.map((head) => <th scope="col" class="end">{head}</th>)}
          </tr>
        </thead>
        <tbody>
          {summary.data.map((line) => (
            <tr>
              <th scope="row">{nameOf(line.key, by, visit)}</th>
              <Figures visit={visit} line={line} isFailure={isFailure} href={listOf(line.key, by, period, visit)} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.total}</th>
            <Figures visit={visit} line={summary.total} isFailure={isFailure} href={null} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

interface FiguresProps {
  readonly visit: Visit;
  readonly line: Omit<SummaryLine, "key">;
  readonly isFailure: boolean;
  /** The payments that the line counts. */
  readonly href: string | null;
}

function Figures({ visit, line, isFailure, href }: FiguresProps): Markup {
  const { count, amount } = isFailure ? line.failures : line.payments;
  // What went out is what the payments are more than the net and the fees: payouts, and refunds by reversal.
  const out = line.payments.amount - line.net - line.fees;
  return (
    <>
      <td class="end">{href === null || count === 0 ? count : <a href={href}>{count}</a>}</td>
      <td class="end">
        <Money cents={amount} look={visit} bare />
      </td>
      {!isFailure && (
        <>
          <td class="end">{line.payouts.count}</td>
          <td class="end">
            <Money cents={out === 0 ? 0 : -out} look={visit} bare />
          </td>
          <td class="end">
            <Money cents={line.fees} look={visit} bare />
          </td>
          <td class="end">
            <Money cents={line.net} look={visit} bare />
          </td>
        </>
      )}
    </>
  );
}

function nameOf(key: string, by: By, visit: Visit): string {
  const words = reportsText[visit.language];
  const { channels } = words;
  if (by === "day") return dayText(nairobiMidnight(key) ?? 0, visit);
  if (by === "failure") return reasonText(key, visit.language);
  if (by === "channel" && Object.hasOwn(channels, key)) return channels[key as keyof typeof channels]; // it is a key
  return key === "" ? words.noStore : key;
}

/** The list of a line's payments; null where no filter of the list says what the line does. */
function listOf(key: string, by: By, period: Period, visit: Visit): string | null {
  const list = (filter: Readonly<Record<string, string>>) =>
    `${hrefOf(visit, "payments")}?${new URLSearchParams(filter)}`;
  if (by === "shortcode") return list({ when: period, shortcode: key });
  if (by === "channel") return list({ when: period, channel: key });
  const midnight = by === "day" ? nairobiMidnight(key) : null;
  if (midnight === null) return null;
  const [from, to] = [midnight, midnight + DAY_MS].map((ms) => new Date(ms).toISOString());
  return list({ created_from: from ?? "", created_to: to ?? "" });
}
