import type { Language } from "../text/language.ts";

const locales = { en: "en-KE", sw: "sw-KE" } as const satisfies Record<Language, string>;
const timeZone = "Africa/Nairobi";
const grouped = new Intl.NumberFormat("en-KE");
const times = { en: format("en", "short"), sw: format("sw", "short") };
const dates = { en: format("en", "medium", "medium"), sw: format("sw", "medium", "medium") };

function format(language: Language, timeStyle: "short" | "medium", dateStyle?: "medium"): Intl.DateTimeFormat {
  const style = dateStyle === undefined ? { timeStyle } : { timeStyle: "short" as const, dateStyle };
  return new Intl.DateTimeFormat(locales[language], { ...style, timeZone, hourCycle: "h23" });
}

/** Cents as people write shillings: `KES 1,500`. */
export const kes = (cents: number): string => `KES ${grouped.format(cents / 100)}`;

/** The time of day in Nairobi; with its date where it is more than a day from `now`. */
export const clockTime = (language: Language, ms: number, now: number): string =>
  (ms - now > 12 * 3_600_000 ? dates : times)[language].format(ms);

/** A date with its time in Nairobi. */
export const dateTime = (language: Language, ms: number): string => dates[language].format(ms);
