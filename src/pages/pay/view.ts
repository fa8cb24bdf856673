import type { Assets } from "../assets/assets.ts";
import type { Brand } from "../../domain/merchants/brands.ts";
import { type Language, languages } from "../text/language.ts";
import type { Text } from "../text/types.ts";

/** Everything that a page shows besides its checkout. */
export interface View {
  readonly assets: Assets;
  /** The merchant as its customers see it; null where a page belongs to nobody. */
  readonly brand: Brand | null;
  readonly language: Language;
  readonly text: Text;
  /** The language that the URL asks for. Links of the page ask for it too. */
  readonly chosenLanguage: Language | undefined;
  readonly token: string;
  /** The page of the receipt of a payment. */
  readonly receiptUrl: (paymentId: string) => string;
  readonly now: number;
  /** The content of the number field, and whether its "remember" box is checked. */
  readonly phone: string;
  readonly remember: boolean;
  /** Why the submitted form was refused. */
  readonly error: string | null;
}

/** The URL of the page, or of a part of it such as `/events`. */
export function pageUrl(
  id: string,
  { token, chosenLanguage }: Pick<View, "token" | "chosenLanguage">,
  part = "",
): string {
  const query = new URLSearchParams({ token, ...(chosenLanguage === undefined ? {} : { lang: chosenLanguage }) });
  return `/pay/${id}${part}?${query}`;
}

/** The other languages, with the URL of the page in each. */
export const otherLanguages = (
  view: View,
  urlOf: (view: View) => string,
): { lang: Language; name: string; href: string }[] =>
  (Object.keys(languages) as Language[]).filter((lang) => lang !== view.language) // its keys are the languages
    .map((lang) => ({ lang, name: languages[lang].name, href: urlOf({ ...view, chosenLanguage: lang }) }));
