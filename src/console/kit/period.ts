import { nairobiDay, nairobiMidnight } from "../../daraja/time.ts";

export const PERIODS = ["today", "yesterday", "7d", "month", "last_month"] as const;
/** A time by its name, as the filter `when` has it. */
export type Period = typeof PERIODS[number];

export const isPeriod = (text: string | null): text is Period => (PERIODS as readonly (string | null)[]).includes(text);

const DAY_MS = 86_400_000;

/** The times (ms, half open) of a period, by days of Nairobi. `to` is absent where it lasts on. */
export function rangeOf(period: Period, now: number): { readonly from: number; readonly to?: number } {
  const today = midnight(nairobiDay(now));
  const month = midnight(`${nairobiDay(now).slice(0, 7)}-01`);
  switch (period) {
    case "today":
      return { from: today };
    case "yesterday":
      return { from: today - DAY_MS, to: today };
    case "7d":
      return { from: today - 6 * DAY_MS };
    case "month":
      return { from: month };
    case "last_month":
      return { from: midnight(`${nairobiDay(month - DAY_MS).slice(0, 7)}-01`), to: month };
  }
}

function midnight(day: string): number {
  const ms = nairobiMidnight(day);
  if (ms === null) throw new RangeError(`${day} is no day`);
  return ms;
}
