import type { Language } from "../../pages/text/language.ts";

export type { Language } from "../../pages/text/language.ts";

/** The shape of texts in another language: each string, and each function that makes one, with the same parameters. */
export type Same<T> = T extends string ? string
  : T extends (...args: infer A) => string ? (...args: A) => string
  : { readonly [K in keyof T]: Same<T[K]> };

/** Texts in both languages. A text that one of them lacks does not compile. */
export const bilingual = <T>(both: { readonly en: T; readonly sw: Same<NoInfer<T>> }): Readonly<
  Record<Language, Same<T>>
> => both as Readonly<Record<Language, Same<T>>>; // a text is its own shape, which a generic type can't show
