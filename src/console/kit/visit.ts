import type { Context } from "../../context/context.ts";
import type { ConsolePage, Viewer } from "../session/context-of.ts";
import type { Preferences } from "../layout/preferences.ts";
import type { Language } from "../text/bilingual.ts";
import type { Text } from "../text/texts.ts";

/** What the small parts of a page need: words, and the time. */
export interface Look {
  readonly text: Text;
  readonly language: Language;
  /** ms since the epoch. */
  readonly now: number;
}

/** One request for a page, by a person who may see it. */
export interface Visit extends Look {
  readonly c: ConsolePage;
  readonly viewer: Viewer;
  /** What verbs get. The person is who acts. */
  readonly ctx: Context;
  readonly url: URL;
  readonly preferences: Preferences;
  /** What this person typed into the page's form before their session ended. */
  readonly kept: FormData | null;
  /** Whether there is a page at a path such as `payments/:id/match` that this person may see. */
  readonly knows: (path: string) => boolean;
}

/** The form as it is shown first: empty, or with what was typed before the session ended. */
export const firstForm = ({ kept }: Pick<Visit, "kept">): FormData => kept ?? new FormData();

/** The address of a page of the visit's merchant. `path` such as `payments/pay_...`. */
export const hrefOf = ({ viewer }: Pick<Visit, "viewer">, path: string): string =>
  `/console/m/${viewer.merchantId}/${path}`;

/** The address of a page about every merchant. */
export const platformHref = (path: string): string => path === "" ? "/console/platform" : `/console/platform/${path}`;

/** The address of the visit with other parameters. Null takes one out. */
export function withParameters({ url }: Pick<Visit, "url">, changes: Readonly<Record<string, string | null>>): string {
  const parameters = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) parameters.delete(name);
    else parameters.set(name, value);
  }
  const query = parameters.toString();
  return url.pathname + (query === "" ? "" : `?${query}`);
}

/** Whether the visitor may use what needs a scope. Verbs check it again. */
export const mayUse = (
  { viewer }: Pick<Visit, "viewer">,
  ...scopes: Parameters<Viewer["scopes"]["has"]>[0][]
): boolean => scopes.every((scope) => viewer.scopes.has(scope));
