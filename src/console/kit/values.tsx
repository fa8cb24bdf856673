import { nairobiDay } from "../../daraja/time.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Text } from "../text/texts.ts";
import type { Look } from "./visit.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What is not known: a dash that screen readers say in words. */
export function Unknown({ text }: { text: Text }): Markup {
  return (
    <>
      <span aria-hidden="true">—</span>
      <span class="sr">{text.notKnown}</span>
    </>
  );
}

interface MoneyProps {
  /** Null: not known. */
  readonly cents: number | null;
  readonly look: Look;
  /** In a table whose heading names the currency. */
  readonly bare?: boolean;
}

/** An amount: `KES 1,500`, or `1,500` in a table. */
export function Money({ cents, look, bare = false }: MoneyProps): Markup {
  if (cents === null) return <Unknown text={look.text} />;
  return <span class="money">{bare ? shillingFigure(cents) : shillings(cents)}</span>;
}

interface WhenProps {
  /** RFC 3339. Null: not yet, or not known. */
  readonly at: string | null;
  readonly look: Look;
}

/** A time in a list: `14:32`, or `22 Nov 14:32` on another day. */
export function When({ at, look }: WhenProps): Markup {
  if (at === null) return <Unknown text={look.text} />;
  return <time datetime={at} title={longTime(Date.parse(at), look)}>{shortTime(Date.parse(at), look)}</time>;
}

/** A time in a detail: `22 Nov 2026, 14:32:05 · 5 min ago`. */
export function WhenLong({ at, look }: WhenProps): Markup {
  if (at === null) return <Unknown text={look.text} />;
  const ms = Date.parse(at);
  return (
    <span>
      <time datetime={at}>{longTime(ms, look)}</time> <span class="soft">· {agoText(look.now - ms, look.text)}</span>
    </span>
  );
}

const formats = {
  en: { day: format("en-GB", {}), long: format("en-GB", { year: "numeric" }) },
  sw: { day: format("sw-KE", {}), long: format("sw-KE", { year: "numeric" }) },
};

function format(locale: string, more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "Africa/Nairobi", ...more });
}

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "Africa/Nairobi" });

/** `22 Nov`: a day (of ms) in Nairobi. */
export const dayText = (ms: number, { language }: Pick<Look, "language">): string => formats[language].day.format(ms);

/** `14:32`: the time of day in Nairobi. */
export const clockText = (ms: number): string => clock.format(ms).slice(0, 5);

/** The time (ms) as lists show it. */
export const shortTime = (ms: number, look: Pick<Look, "language" | "now">): string =>
  nairobiDay(ms) === nairobiDay(look.now) ? clockText(ms) : `${dayText(ms, look)} ${clockText(ms)}`;

/** The time (ms) as details show it. */
export const longTime = (ms: number, { language }: Pick<Look, "language">): string =>
  `${formats[language].long.format(ms)}, ${clock.format(ms)}`;

/** How long ago something was, in words. `elapsed` in ms. */
export const agoText = (elapsed: number, { ago }: Text): string => inUnits(elapsed, ago);

/** How old something is, in words. `elapsed` in ms. */
export const ageText = (elapsed: number, { age }: Text): string => inUnits(elapsed, age);

function inUnits(elapsed: number, words: Text["ago"]): string {
  if (elapsed < MINUTE_MS) return words.now;
  if (elapsed < HOUR_MS) return words.minutes(Math.floor(elapsed / MINUTE_MS));
  return elapsed < 2 * DAY_MS ? words.hours(Math.floor(elapsed / HOUR_MS)) : words.days(Math.floor(elapsed / DAY_MS));
}

/** A phone that the API has masked (`2547•••••678`), as people write it: `07•• ••• 678`. */
export function phoneText(masked: string): string {
  const [, start, end] = /^254(\d)•+(\d{3})$/.exec(masked) ?? [];
  return start === undefined ? masked : `0${start}••\u00a0•••\u00a0${end}`;
}

/** A whole phone (12 digits), as people write it: `0712 345 678`. */
export function wholePhone(digits: string): string {
  const [, first, second, third] = /^254(\d{3})(\d{3})(\d{3})$/.exec(digits) ?? [];
  return first === undefined ? digits : `0${first}\u00a0${second}\u00a0${third}`;
}

/** A masked phone; a dash where it is not known. */
export function Phone({ masked, look }: { masked: string | null; look: Look }): Markup {
  return masked === null ? <Unknown text={look.text} /> : <span class="phone">{phoneText(masked)}</span>;
}
