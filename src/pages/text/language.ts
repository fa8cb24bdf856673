import { en } from "./en.ts";
import { sw } from "./sw.ts";
import type { Text } from "./types.ts";

/** The languages of the page. Each name is written in that language. */
export const languages = {
  en: { name: "English", text: en },
  sw: { name: "Kiswahili", text: sw },
} as const satisfies Record<string, { readonly name: string; readonly text: Text }>;

export type Language = keyof typeof languages;

export const isLanguage = (text: string | undefined): text is Language =>
  text !== undefined && Object.hasOwn(languages, text);

/** Which of our languages an Accept-Language header prefers (RFC 9110 section 12.5.4). `otherwise` if it names neither. */
export function preferredLanguage(header: string | undefined, otherwise: Language = "en"): Language {
  const preferences = (header ?? "").slice(0, 500).split(",").flatMap((part) => {
    const [range = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const language = range.split("-")[0];
    const q = parameters.find((text) => text.startsWith("q="))?.slice(2) ?? "1";
    const weight = /^[01](\.\d{0,3})?$/.test(q) ? Number(q) : 0;
    return isLanguage(language) && weight > 0 ? [{ language, weight }] : [];
  });
  return preferences.reduce((best, next) => next.weight > best.weight ? next : best, {
    language: otherwise,
    weight: 0,
  }).language;
}
