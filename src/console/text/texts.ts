import { bilingual, type Language, type Same } from "./bilingual.ts";
import { en } from "./en.ts";
import { sw } from "./sw.ts";

/** The texts that every page shares, in one language. */
export type Text = Same<typeof en>;

export const texts: Readonly<Record<Language, Text>> = bilingual({ en, sw });
