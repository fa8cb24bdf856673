import { en } from "./en.ts";
import { sw } from "./sw.ts";
import type { Text } from "./types.ts";

/** The languages of the page, each with its own name for itself. */
export const languages = {
  en: { name: "English", text: en },
  sw: { name: "Kiswahili", text: sw },
} as const satisfies Record<string, { readonly name: string; readonly text: Text }>;

export type Language = keyof typeof languages;

export const isLanguage = (text: string | undefined): text is Language =>
  text !== undefined && Object.hasOwn(languages, text);

/** The language that an Accept-Language header (RFC 9110 section 12.5.4) likes best of ours; English without a wish. */
export function preferredLanguage(header: string | undefined): Language {
  const wishes = (header ?? "").slice(0, 500).split(",").flatMap((part) => {
    const [range = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const language = range.split("-")[0];
    const q = parameters.find((text) => text.startsWith("q="))?.slice(2) ?? "1";
    const weight = /^[01](\.\d{0,3})?$/.test(q) ? Number(q) : 0;
    return isLanguage(language) && weight > 0 ? [{ language, weight }] : [];
  });
  return wishes.reduce((best, wish) => wish.weight > best.weight ? wish : best, {
    language: "en" as Language, // the widest type of the two
    weight: 0,
  }).language;
}
