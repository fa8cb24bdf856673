import { CaseCard } from "../attention/card.tsx";
import { readCases } from "../attention/cases.ts";
import { namesOf } from "../kit/names.ts";
import type { Role } from "../../auth/roles.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Page, PageAnswer } from "../kit/page.ts";
import { clockText } from "../kit/values.tsx";
import { hrefOf, type Visit, withParameters } from "../kit/visit.ts";
import { Charts } from "./charts.tsx";
import { Figures } from "./figures.tsx";
import { homeText } from "./text.ts";
import { readToday } from "./today.ts";

const HOME: readonly Role[] = ["viewer", "finance", "approver", "admin", "platform"];
const FIRST_CASES = 5;

/** Home: how is today? */
export const homePages: readonly Page[] = [
  { path: "home", area: "merchant", roles: HOME, nav: { name: "home", group: "today", icon: "home" }, get: homeView },
];

async function homeView(visit: Visit): Promise<PageAnswer> {
  const { searchParams } = visit.url;
  if (searchParams.get("part") === "charts") return visit.c.html(await <Charts visit={visit} />);
  const words = homeText[visit.language];
  const [today, cases] = await Promise.all([
    readToday(visit),
    firstCases(visit),
  ]);
  return {
    title: visit.text.nav.home,
    body: (
      <>
        <header class="head">
          <div class="line">
            <h1>{words.heading}</h1>
            {visit.knows("sell") && (
              <a class="button quiet small" href={`${hrefOf(visit, "sell")}?by=link`}>{words.askByLink}</a>
            )}
          </div>
        </header>
        <Figures visit={visit} today={today} />
        {cases}
        {searchParams.get("charts") === "all" ? <Charts visit={visit} /> : <LaterCharts visit={visit} />}
      </>
    ),
  };
}

/** The script puts the charts in the place of this link; without it the link shows them. */
const LaterCharts = ({ visit }: { visit: Visit }): Markup => (
  <p role="status">
    <a
      class="quiet small"
      href={withParameters(visit, { charts: "all" })}
      data-load={withParameters(visit, { part: "charts" })}
      data-loading={homeText[visit.language].loadingCharts}
    >
      {homeText[visit.language].showCharts}
    </a>
  </p>
);

async function firstCases(visit: Visit): Promise<Markup | null> {
  if (!visit.knows("attention")) return null;
  const words = homeText[visit.language];
  const all = await readCases(visit.ctx);
  const first = all.slice(0, FIRST_CASES);
  const names = await namesOf(
    visit.ctx,
    first.flatMap(({ taken_by, notes }) => [taken_by, ...notes.map(({ by }) => by)]),
  );
  return (
    <section class="stack">
      <div class="bar">
        <h2>{words.waits}</h2>
        {all.length > FIRST_CASES && <a href={hrefOf(visit, "attention")}>{words.all(String(all.length))}</a>}
      </div>
      {first.length === 0 ? <p class="soft">{words.noCases(clockText(visit.now))}</p> : (
        <ul class="cases">
          {first.map((one) => <CaseCard key={one.id} visit={visit} case={one} names={names} done={null} />)}
        </ul>
      )}
    </section>
  );
}
