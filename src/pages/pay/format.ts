import type { Language } from "../text/language.ts";

const locales = { en: "en-KE", sw: "sw-KE" } as const satisfies Record<Language, string>;
const TIME_ZONE = "Africa/Nairobi";
const grouped = new Intl.NumberFormat("en-KE");
const times = { en: format("en", "short"), sw: format("sw", "short") };
const dates = { en: format("en", "medium", "medium"), sw: format("sw", "medium", "medium") };

function format(language: Language, timeStyle: "short" | "medium", dateStyle?: "medium"): Intl.DateTimeFormat {
  const style = dateStyle === undefined ? { timeStyle } : { timeStyle: "short" as const, dateStyle };
  return new Intl.DateTimeFormat(locales[language], { ...style, timeZone: TIME_ZONE, hourCycle: "h23" });
}

/** Formats an amount in cents as shillings: `KES 1,500`. */
export const kes = (cents: number): string => `KES ${grouped.format(cents / 100)}`;

/** Formats a time (ms) as the time of day in Nairobi. With the date if it is over 12 hours after `now`. */
export const clockTime = (language: Language, ms: number, now: number): string =>
  (ms - now > 12 * 3_600_000 ? dates : times)[language].format(ms);

/** Formats a time (ms) as date and time of day in Nairobi. */
export const dateTime = (language: Language, ms: number): string => dates[language].format(ms);
