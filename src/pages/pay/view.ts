import type { Assets } from "../assets/assets.ts";
import { type Language, languages } from "../text/language.ts";
import type { Text } from "../text/types.ts";

/** What a page is drawn with besides its checkout. */
export interface View {
  readonly assets: Assets;
  readonly language: Language;
  readonly text: Text;
  /** The language that the address asks for, which later addresses then ask for too. */
  readonly chosen: Language | undefined;
  readonly token: string;
  readonly now: number;
  /** What the number field holds, and whether it is to be remembered. */
  readonly phone: string;
  readonly remember: boolean;
  /** Why the last try was not taken. */
  readonly error: string | null;
}

/** The page's own address. */
export function addressOf(id: string, { token, chosen }: Pick<View, "token" | "chosen">, part = ""): string {
  const query = new URLSearchParams({ token, ...(chosen === undefined ? {} : { lang: chosen }) });
  return `/pay/${id}${part}?${query}`;
}

/** The other languages, and the address of the page in each. */
export const otherLanguages = (view: View, id: string): { lang: Language; name: string; href: string }[] =>
  (Object.keys(languages) as Language[]).filter((lang) => lang !== view.language) // its keys are the languages
    .map((lang) => ({ lang, name: languages[lang].name, href: addressOf(id, { ...view, chosen: lang }) }));
