import { CASE_KINDS, type CaseView } from "../../domain/attention/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import { AgesChart } from "../charts/ages.tsx";
import { actPages } from "../kit/act-page.tsx";
import { type Done, doneOf, rowAnchor } from "../kit/done.ts";
import { FilterBar } from "../kit/filter-bar.tsx";
import { type Filter, readFilters } from "../kit/filters.ts";
import { liveOf } from "../live/live.ts";
import { namesOf } from "../kit/names.ts";
import type { Page, View } from "../kit/page.ts";
import { KEEPERS } from "../kit/roles.ts";
import { Empty } from "../kit/table.tsx";
import { ageText, clockText } from "../kit/values.tsx";
import { type Visit, withParameters } from "../kit/visit.ts";
import { caseActs, caseSubject } from "./acts.tsx";
import { CaseCard } from "./card.tsx";
import { ageOf, AGES, MOST_CASES, readCases } from "./cases.ts";
import { attentionText } from "./text.ts";

const SHOWN = 100;

const filters: readonly Filter[] = [
  {
    kind: "choice",
    name: "kind",
    label: ({ language }) => attentionText[language].kind,
    options: ({ language }) => CASE_KINDS.map((kind) => [kind, attentionText[language].kinds[kind]]),
  },
  {
    kind: "choice",
    name: "age",
    label: ({ language }) => attentionText[language].age,
    options: ({ language }) => AGES.map((age) => [age, attentionText[language].ages[age]]),
  },
  {
    kind: "choice",
    name: "mine",
    label: ({ language }) => attentionText[language].mine,
    options: ({ language }) => [["1", attentionText[language].mineOnly]],
  },
];

/** Needs attention: what must a person do? */
export const attentionPages: readonly Page[] = [
  {
    path: "attention",
    area: "merchant",
    roles: [...KEEPERS, "platform"],
    nav: { name: "attention", group: "today", icon: "bell" },
    get: attentionView,
    live: async ({ ctx }) => await liveOf(await readCases(ctx)),
  },
  ...actPages(caseSubject, caseActs),
];

async function attentionView(visit: Visit): Promise<View> {
  const all = await readCases(visit.ctx);
  const fits = fitOf(visit);
  const shown = all.filter(fits).slice(0, SHOWN);
  const [filtering, names, done] = await Promise.all([
    readFilters(visit, filters),
    namesOf(visit.ctx, shown.flatMap(({ taken_by, notes }) => [taken_by, ...notes.map(({ by }) => by)])),
    doneOf(visit),
  ]);
  const words = attentionText[visit.language];
  const isCut = all.length === MOST_CASES || all.filter(fits).length > SHOWN;
  return {
    title: visit.text.nav.attention,
    shown: await liveOf(all),
    body: (
      <>
        <header class="head">
          <h1>{visit.text.nav.attention}</h1>
          <p class="soft">{words.question}</p>
        </header>
        <FilterBar visit={visit} filters={filters} filtering={filtering} hasWhen={false} />
        <Gone done={done} shown={shown} />
        {all.length > 0 && <Ages visit={visit} cases={all} />}
        {shown.length === 0
          ? (
            <Empty heading={all.length === 0 ? words.none(clockText(visit.now)) : visit.text.noneFound}>
              {all.length > 0 && (
                <p>
                  <a href={visit.url.pathname}>{visit.text.clear}</a>
                </p>
              )}
            </Empty>
          )
          : (
            <ul class="cases">
              {shown.map((one) => <CaseCard key={one.id} visit={visit} case={one} names={names} done={done} />)}
            </ul>
          )}
        {isCut && <p class="soft">{words.more}</p>}
      </>
    ),
  };
}

/** What was done with a case that has left the list by it. */
function Gone({ done, shown }: { done: Done | null; shown: readonly CaseView[] }): Markup | null {
  if (done === null || shown.some(({ id, subject }) => id === done.id || subject === done.id)) return null;
  return <p class="note good" id={rowAnchor(done.id)} tabindex={-1} role="status">{done.text}</p>;
}

/** Whether a case fits the filters of the address. */
function fitOf({ url, now, viewer }: Visit): (one: CaseView) => boolean {
  const [kind, age, mine] = ["kind", "age", "mine"].map((name) => url.searchParams.get(name) || null);
  return (one) =>
    (kind === null || one.kind === kind) && (age === null || ageOf(now - Date.parse(one.since)) === age) &&
    (mine === null || one.taken_by === viewer.person.id);
}

function Ages({ visit, cases }: { visit: Visit; cases: readonly CaseView[] }): Markup {
  const words = attentionText[visit.language];
  const elapsed = cases.map(({ since }) => visit.now - Date.parse(since));
  const parts = AGES.map((age) => ({
    name: words.ages[age],
    count: elapsed.filter((ms) => ageOf(ms) === age).length,
    href: withParameters(visit, { age, done: null }),
    weight: age === "old" || age === "7d" ? "old" as const : age === "3d" ? "aging" as const : "new" as const,
  }));
  const caption = words.howOld(cases.length, ageText(Math.max(...elapsed), visit.text));
  const heads = [words.chartHeads.age, words.chartHeads.count] as const;
  return <AgesChart look={visit} caption={caption} parts={parts} heads={heads} />;
}
