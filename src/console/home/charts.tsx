import { nairobiMidnight } from "../../daraja/time.ts";
import { listBalances } from "../../domain/balances/read.ts";
import { promptOutcomes } from "../../domain/reports/prompts.ts";
import { getSummary } from "../../domain/reports/summary.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { DaysChart } from "../charts/days.tsx";
import { FloatChart } from "../charts/float.tsx";
import { HoursChart } from "../charts/hours.tsx";
import { SharesChart } from "../charts/shares.tsx";
import { WaitsChart } from "../charts/waits.tsx";
import { reasonText } from "../kit/failures.ts";
import { rangeOf } from "../kit/period.ts";
import { clockText } from "../kit/values.tsx";
import { mayUse, type Visit } from "../kit/visit.ts";
import { changeText, weekdayOf } from "./figures.tsx";
import { homeText } from "./text.ts";
import { medianOf, percentMore } from "./today.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const DAYS = 14;
const MOST_REASONS = 6;
const MOST_BALANCES = 100;

/** The charts A to E. They read more than the figures do, so they come after the page where the script loads them. */
export async function Charts({ visit }: { visit: Visit }): Promise<Markup> {
  const charts = await Promise.all([hours(visit), days(visit), failures(visit), waits(visit), float(visit)]);
  return <section class="charts" aria-label={homeText[visit.language].charts}>{charts}</section>;
}

async function hours(visit: Visit): Promise<Markup> {
  const { ctx, now, language } = visit;
  const words = homeText[language];
  const { from } = rangeOf("today", now);
  const [today, before] = await Promise.all([
    getSummary(ctx, { from, to: now, by: "hour" }),
    getSummary(ctx, { from: from - WEEK_MS, to: from - WEEK_MS + DAY_MS, by: "hour" }),
  ]);
  const sumsOf = ({ data }: typeof today) => new Map(data.map((line) => [Number(line.key), line.payments.amount]));
  const hour = Math.floor((now - from) / 3_600_000);
  const byNow = [...sumsOf(before)].filter(([at]) => at < hour).reduce((sum, [, cents]) => sum + cents, 0);
  const sum = today.total.payments.amount;
  const percent = percentMore(sum, byNow);
  const change = percent === null ? "" : words.hoursChange(changeText(percent, visit), weekdayOf(visit));
  const heads = [words.hourHeads.hour, words.hourHeads.today, words.hourHeads.before] as const;
  const caption = words.hours(shillings(sum), clockText(now), change);
  return <HoursChart look={visit} caption={caption} today={sumsOf(today)} before={sumsOf(before)} heads={heads} />;
}

async function days(visit: Visit): Promise<Markup> {
  const { ctx, now, language } = visit;
  const words = homeText[language];
  const from = rangeOf("today", now).from - (DAYS - 1) * DAY_MS;
  const { data, total } = await getSummary(ctx, { from, to: now, by: "day" });
  const byDay = new Map(data.map((line) => [nairobiMidnight(line.key), line]));
  const all = Array.from({ length: DAYS }, (_, i) => {
    const at = from + i * DAY_MS;
    const line = byDay.get(at);
    // What went out is what the payments are more than the net: payouts, fees, and refunds by reversal.
    return { at, in: line?.payments.amount ?? 0, out: line === undefined ? 0 : line.payments.amount - line.net };
  });
  const heads = [words.dayHeads.day, words.dayHeads.in, words.dayHeads.out] as const;
  const caption = words.days(shillings(total.payments.amount), shillings(total.payments.amount - total.net));
  return <DaysChart look={visit} caption={caption} days={all} heads={heads} />;
}

async function failures(visit: Visit): Promise<Markup> {
  const { ctx, now, language } = visit;
  const words = homeText[language];
  const { data } = await getSummary(ctx, { from: now - WEEK_MS, to: now, by: "failure" });
  const ranked = data.map(({ key, failures: { count } }) => ({ name: reasonText(key, language), count }))
    .toSorted((a, b) => b.count - a.count);
  const rest = ranked.slice(MOST_REASONS).reduce((sum, { count }) => sum + count, 0);
  const shares = [...ranked.slice(0, MOST_REASONS), ...rest === 0 ? [] : [{ name: words.other, count: rest }]];
  const all = ranked.reduce((sum, { count }) => sum + count, 0);
  const [top] = ranked;
  const caption = top === undefined ? words.noFails : words.fails(all, top.name);
  const heads = [words.failHeads.reason, words.failHeads.count, words.failHeads.share] as const;
  return <SharesChart look={visit} caption={caption} shares={shares} heads={heads} />;
}

/** The classes of chart D: up to how many seconds, and the name. */
const CLASSES = [[5, "<5 s"], [10, "5–10"], [20, "10–20"], [60, "20–60 s"], [300, "1–5 min"], [
  Infinity,
  ">5 min",
]] as const;

async function waits(visit: Visit): Promise<Markup> {
  const { ctx, now, language } = visit;
  const words = homeText[language];
  const outcomes = await promptOutcomes(ctx, { from: now - WEEK_MS, to: now });
  const median = medianOf(outcomes);
  const all = CLASSES.map(([below, name], i) => {
    const from = CLASSES[i - 1]?.[0] ?? 0;
    const isIn = (seconds: number) => seconds >= from && seconds < below;
    const count = outcomes.settled.filter(({ seconds }) => isIn(seconds)).reduce((sum, one) => sum + one.count, 0);
    return { name, count, hasMedian: median !== null && isIn(median) };
  });
  const caption = median === null ? words.noWaits : words.waitsCaption(words.seconds(median));
  const heads = [words.waitHeads.wait, words.waitHeads.count] as const;
  return <WaitsChart look={visit} caption={caption} waits={all} median={words.median} heads={heads} />;
}

async function float(visit: Visit): Promise<Markup> {
  const { ctx, now, language } = visit;
  const words = homeText[language];
  const from = now - WEEK_MS;
  const { data } = mayUse(visit, "balances:read")
    ? await listBalances(ctx, { history: "true", created_from: from, limit: MOST_BALANCES })
    : { data: [] };
  const [newest] = data;
  const points = data.filter(({ shortcode }) => shortcode === newest?.shortcode)
    .flatMap(({ utility, created_at }) => utility === null ? [] : [{ at: Date.parse(created_at), cents: utility }])
    .toReversed();
  const last = points.at(-1);
  const caption = newest === undefined || last === undefined
    ? words.noFloat
    : words.floatCaption(newest.shortcode, shillings(last.cents));
  return (
    <FloatChart
      look={visit}
      caption={caption}
      points={points}
      alertBelow={newest?.alert_below ?? null}
      from={from}
      heads={[words.floatHeads.time, words.floatHeads.float]}
      alert={words.alert}
    />
  );
}
