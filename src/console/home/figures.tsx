import { shillings } from "../../lib/shillings.ts";
import type { Child } from "hono/jsx";
import type { Markup } from "../../pages/markup.ts";
import { reasonText } from "../kit/failures.ts";
import { shortTime } from "../kit/values.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { homeText } from "./text.ts";
import { medianOf, percentMore, type Today } from "./today.ts";

/** The name of the weekday. */
export const weekdayOf = ({ language, now }: Look): string =>
  new Intl.DateTimeFormat(language === "sw" ? "sw-KE" : "en-GB", { weekday: "long", timeZone: "Africa/Nairobi" })
    .format(now);

/** `12% more`. */
export function changeText(percent: number, { language }: Pick<Look, "language">): string {
  const words = homeText[language];
  if (percent === 0) return words.same;
  return percent > 0 ? words.more(percent) : words.less(-percent);
}

interface FigureProps {
  readonly label: string;
  readonly value: Child;
  readonly children?: Child;
}

const Figure = ({ label, value, children }: FigureProps): Markup => (
  <div class="figure">
    <p class="label">{label}</p>
    <p class="value">{value}</p>
    {children}
  </div>
);

/** The figures of today. */
export function Figures({ visit, today }: { visit: Visit; today: Today }): Markup {
  const words = homeText[visit.language];
  const { taken, before, prompts, topReason } = today;
  const answered = prompts.succeeded + prompts.failed + prompts.unknown;
  const median = medianOf(prompts);
  return (
    <section class="figures" aria-label={words.heading}>
      <Figure label={words.taken} value={shillings(taken.amount)}>
        <p class="than">{words.payments(taken.count)}</p>
        <Change visit={visit} now={taken.amount} before={before.amount} />
      </Figure>
      <Figure
        label={words.success}
        value={answered === 0 ? "—" : `${Math.round((prompts.succeeded / answered) * 100)}%`}
      >
        <p class="than">{answered === 0 ? words.noPrompts : words.ofPrompts(answered)}</p>
        {topReason !== null && (
          <p class="than">{words.topReason(reasonText(topReason.code, visit.language), topReason.count)}</p>
        )}
      </Figure>
      <Figure label={words.settle} value={median === null ? "—" : words.seconds(median)}>
        <p class="than">{words.settleHint}</p>
      </Figure>
      {today.balances.map(({ shortcode, utility, low, completed_at, created_at }) => (
        <Figure
          key={shortcode}
          label={words.float(shortcode)}
          value={utility === null ? "—" : shillings(utility)}
        >
          <p class="than">{words.floatAt(shortTime(Date.parse(completed_at ?? created_at), visit))}</p>
          {low && <p class="down">{words.floatLow}</p>}
        </Figure>
      ))}
    </section>
  );
}

function Change({ visit, now, before }: { visit: Visit; now: number; before: number }): Markup {
  const words = homeText[visit.language];
  const weekday = weekdayOf(visit);
  const percent = percentMore(now, before);
  if (percent === null) return <p class="than">{words.noneBefore(weekday)}</p>;
  const change = changeText(percent, visit);
  return <p class={percent < 0 ? "down" : percent > 0 ? "up" : "than"}>{words.than(change, weekday)}</p>;
}
