import { parseDarajaTime } from "../../../daraja/time.ts";

/** A clock may be ahead of ours by this much. */
const AHEAD_MS = 3_600_000;
const NAIROBI_OFFSET_MS = 3 * 3_600_000;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A time that was read: ms since the epoch. The two differ where the text does not say which number is the month. */
export interface ReadTime {
  readonly dayFirst: number | null;
  readonly monthFirst: number | null;
}

/** How the numbers of a file's dates are ordered. */
export type DateOrder = "dayFirst" | "monthFirst";

const TIME = /[ T,]{1,3}(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s?([AP]\.?M\.?)?$/i;
const NUMBERS = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/;
const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/;
const NAMED = /^(\d{1,2})[-/. ]([a-z]{3})[a-z]{0,7}[-/. ,]{1,2}(\d{4})$/i;
const SERIAL = /^\d{5}(\.\d+)?$/;

/** Reads a time of Nairobi. `serialDays`: the file may hold days since 1900 (a spreadsheet), whose day 0 this is, in ms. */
export function readTime(text: string, serialDays: number | null): ReadTime {
  const trimmed = text.trim();
  const clock = TIME.exec(trimmed);
  const date = trimmed.slice(0, clock?.index ?? 0);
  const time = clock?.slice(1) ?? [];
  const numbers = NUMBERS.exec(date);
  if (numbers !== null) {
    const [one = "", two = "", year = ""] = numbers.slice(1);
    return { dayFirst: at(year, two, one, time), monthFirst: at(year, one, two, time) };
  }
  const both = unambiguous(date, time) ?? serial(trimmed, serialDays) ?? parseDarajaTime(trimmed);
  return { dayFirst: both, monthFirst: both };
}

function unambiguous(date: string, time: readonly (string | undefined)[]): number | null {
  const yearFirst = YEAR_FIRST.exec(date);
  if (yearFirst !== null) {
    const [year = "", month = "", day = ""] = yearFirst.slice(1);
    return at(year, month, day, time);
  }
  const named = NAMED.exec(date);
  if (named === null) return null;
  const [day = "", month = "", year = ""] = named.slice(1);
  return at(year, String(MONTHS.indexOf(month.toLowerCase()) + 1), day, time);
}

const serial = (text: string, serialDays: number | null): number | null =>
  serialDays === null || !SERIAL.test(text)
    ? null
    : serialDays + Math.round(Number(text) * 86_400) * 1_000 - NAIROBI_OFFSET_MS;

/** `time`: hour, minute, second, and AM or PM. */
function at(year: string, month: string, day: string, time: readonly (string | undefined)[]): number | null {
  const [hour = "", minute = "", second = "00", half] = time;
  const hours = half === undefined ? Number(hour) : twelveHours(Number(hour), /^p/i.test(half));
  if (hours === null) return null;
  const two = (part: string | number) => String(part).padStart(2, "0");
  return parseDarajaTime(`${year}-${two(month)}-${two(day)} ${two(hours)}:${minute}:${second}`);
}

const twelveHours = (hour: number, isAfternoon: boolean): number | null =>
  hour < 1 || hour > 12 ? null : hour % 12 + (isAfternoon ? 12 : 0);

/** Whether a time lies so far ahead that nothing can have happened then. */
export const isFuture = (time: number, now: number): boolean => time > now + AHEAD_MS;

const isPossible = (time: number | null, now: number): boolean => time !== null && !isFuture(time, now);

/**
 * The order of the numbers in a file's dates: day first, as M-Pesa writes them, unless some dates are then in the future
 * or do not exist, and all fit with the month first. `contradiction`: the indexes of two times of which each needs another
 * order; one single such time says nothing about the others.
 */
export function orderOf(
  times: readonly ReadTime[],
  now: number,
): { readonly order: DateOrder; readonly contradiction: readonly [number, number] | null } {
  const onlyMonthFirst: number[] = [];
  const onlyDayFirst: number[] = [];
  for (const [i, { dayFirst, monthFirst }] of times.entries()) {
    const [day, month] = [isPossible(dayFirst, now), isPossible(monthFirst, now)];
    if (month && !day) onlyMonthFirst.push(i);
    if (day && !month) onlyDayFirst.push(i);
  }
  const order = onlyMonthFirst.length > onlyDayFirst.length ? "monthFirst" : "dayFirst";
  const [firstMonth, firstDay] = [onlyMonthFirst[0], onlyDayFirst[0]];
  const minority = Math.min(onlyMonthFirst.length, onlyDayFirst.length);
  const contradicts = minority > 1 || (minority === 1 && onlyMonthFirst.length === onlyDayFirst.length);
  return {
    order,
    contradiction: contradicts && firstMonth !== undefined && firstDay !== undefined ? [firstMonth, firstDay] : null,
  };
}

/** Day 0 of a spreadsheet's dates, in ms as if it were UTC: of Excel on Windows, and of old files of Excel on a Mac. */
export const serialDayZero = (from1904: boolean): number => from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
