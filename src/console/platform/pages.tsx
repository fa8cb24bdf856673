import { jobsByKind, type KindOfJobs } from "../../jobs/by-kind.ts";
import type { Markup } from "../../pages/markup.ts";
import { Label } from "../kit/chip.tsx";
import { doneOf, rowAnchor } from "../kit/done.ts";
import type { Column } from "../kit/list.ts";
import type { Page, View } from "../kit/page.ts";
import { Pager } from "../kit/pager.tsx";
import { Table } from "../kit/table.tsx";
import { ageText, Money, shortTime } from "../kit/values.tsx";
import { type Look, platformHref, type Visit } from "../kit/visit.ts";
import { ALL_MERCHANTS } from "../signing/signables.tsx";
import { platformForms } from "./forms.tsx";
import { type MerchantRow, type Merchants, readMerchants } from "./read.ts";
import { platformText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => platformText[language];

/** The page of a merchant. */
const of = (merchant: string, path: string): string => `/console/m/${merchant}/${path}`;

/** Pauses, or leads to where the end of a pause is signed. */
const Steer = ({ id, isPaused, look }: { id: string; isPaused: boolean; look: Look }): Markup =>
  isPaused
    ? <a class="button quiet small" href={platformHref(`sign/pauses/${id}`)}>{words(look).resume}</a>
    : <a class="button quiet small" href={platformHref(`merchants/${id}/pause`)}>{words(look).pause}</a>;

const merchantColumns: readonly Column<MerchantRow>[] = [
  {
    head: (look) => words(look).merchant,
    cell: (row, look) => (
      <>
        <a href={of(row.id, "home")}>{row.name}</a>
        {row.status === "disabled" && <Label icon="dash" word={words(look).disabled} />}
      </>
    ),
    card: "who",
  },
  {
    head: (look) => words(look).inToday,
    cell: (row, look) => <Money cents={row.inToday} look={look} bare />,
    end: true,
    card: "amount",
  },
  {
    head: (look) => words(look).cases,
    cell: (row, look) => <a href={of(row.id, "attention")}>{words(look).casesOf(row.cases)}</a>,
    end: true,
    card: "time",
  },
  {
    head: (look) => words(look).inDoubt,
    cell: ({ inDoubt }, look) =>
      inDoubt === 0 ? "" : <Label icon="question" word={words(look).inDoubtOf(String(inDoubt))} />,
    card: "chip",
  },
  {
    head: (look) => words(look).paused,
    cell: (row, look) => (
      <>
        {row.pause !== null && (
          <Label icon="alert" word={words(look).pausedSince(shortTime(row.pause.paused_at, look))} />
        )} <Steer id={row.id} isPaused={row.pause !== null} look={look} />
      </>
    ),
    card: "reason",
  },
];

type JobRow = KindOfJobs & { readonly id: string };

const jobColumns: readonly Column<JobRow>[] = [
  { head: (look) => words(look).kind, cell: ({ kind }) => <span class="id">{kind}</span>, card: "who" },
  { head: (look) => words(look).waiting, cell: (row) => String(row.waiting), end: true, card: "amount" },
  {
    head: (look) => words(look).oldest,
    cell: ({ dueSince }, look) => dueSince === null ? "" : ageText(look.now - dueSince, look.text),
    end: true,
    card: "time",
  },
  {
    head: (look) => words(look).stuck,
    cell: (row, look) => row.stuck === 0 ? "" : <Label icon="cross" word={`${row.stuck} · ${words(look).stuck}`} />,
    end: true,
    card: "chip",
  },
  {
    head: (look) => words(look).act,
    cell: ({ kind, stuck }, look) =>
      stuck === 0
        ? ""
        : <a class="button quiet small" href={platformHref(`jobs/${kind}/run-again`)}>{words(look).runAgain}</a>,
    end: true,
    card: "reason",
  },
];

/** Platform: is the service well? */
export const platformPages: readonly Page[] = [
  {
    path: "",
    area: "platform",
    roles: ["platform"],
    nav: { name: "platform", group: "service", icon: "globe" },
    get,
  },
  ...platformForms,
];

async function get(visit: Visit): Promise<View> {
  const text = words(visit);
  const [merchants, kinds, done] = await Promise.all([readMerchants(visit), jobsByKind(visit.ctx), doneOf(visit)]);
  const jobs = kinds.map((one) => ({ ...one, id: one.kind }));
  const table = { visit, href: undefined, acts: [], path: "platform" };
  const hasRow = [...merchants.rows, ...jobs].some(({ id }) => id === done?.id);
  return {
    title: visit.text.nav.platform,
    body: (
      <>
        <header class="head">
          <h1>{visit.text.nav.platform}</h1>
          <p class="soft">{text.question}</p>
        </header>
        {done !== null && !hasRow && (
          <p class="note good" id={rowAnchor(done.id)} tabindex={-1} role="status">{done.text}</p>
        )}
        <Everybody visit={visit} pause={merchants.pauseOfAll} />
        <h2>{text.merchants}</h2>
        <Find visit={visit} />
        {merchants.rows.length === 0
          ? <p>{text.none}</p>
          : <Table {...table} caption={text.merchants} columns={merchantColumns} rows={merchants.rows} done={done} />}
        <Pager visit={visit} next={merchants.next} />
        <h2>{text.jobs}</h2>
        {jobs.length === 0
          ? <p>{text.noJobs}</p>
          : <Table {...table} caption={text.jobs} columns={jobColumns} rows={jobs} done={done} />}
      </>
    ),
  };
}

/** The switch of all merchants. */
function Everybody({ visit, pause }: { visit: Visit; pause: Merchants["pauseOfAll"] }): Markup {
  const text = words(visit);
  if (pause === null) {
    return (
      <p>
        <a class="button quiet" href={platformHref(`merchants/${ALL_MERCHANTS}/pause`)}>{text.pauseAll}</a>
      </p>
    );
  }
  return (
    <section class="note bad">
      <p>
        <b>{text.allPaused(shortTime(pause.paused_at, visit))}</b>
      </p>
      {pause.reason !== null && <p>{pause.reason}</p>}
      <Steer id={ALL_MERCHANTS} isPaused look={visit} />
    </section>
  );
}

/** Finds merchants by their name or id. */
function Find({ visit }: { visit: Visit }): Markup {
  return (
    <form class="filters" method="get" action={platformHref("")} role="search" aria-label={words(visit).find}>
      <div class="field">
        <label for="f-q">{words(visit).find}</label>
        <input id="f-q" name="q" value={visit.url.searchParams.get("q") ?? ""} maxlength={64} autocomplete="off" />
      </div>
      <button type="submit" class="quiet">{visit.text.filter}</button>
    </form>
  );
}
