import { seal, unseal } from "./sealed.ts";
import type { Visit } from "./visit.ts";

/** What has just been done, for the page that is shown next. */
export interface Done {
  /** The record. */
  readonly id: string;
  readonly text: string;
}

/** The id of a record's row, or of the sentence about it. */
export const rowAnchor = (id: string): string => `row-${id}`;

/**
 * An address that was in a form, with what has been done. It leads nowhere but to our own pages, whatever the form says.
 * `fallback` is taken where it does not.
 */
export async function backWith(visit: Visit, back: unknown, fallback: string, done: Done): Promise<string> {
  const url = new URL(backTo(visit, back, fallback), visit.url.origin);
  url.searchParams.set("done", await seal(visit, "done", done));
  return `${url.pathname}${url.search}#${rowAnchor(done.id)}`;
}

/** The address to go back to, if it is one of the console. */
export function backTo(visit: Visit, back: unknown, fallback: string): string {
  if (typeof back !== "string" || back.length > 2_000) return fallback;
  const url = URL.parse(back, visit.url.origin);
  if (url === null || url.origin !== visit.url.origin || !url.pathname.startsWith("/console/")) return fallback;
  url.searchParams.delete("done");
  return url.pathname + url.search;
}

/** What has just been done; null on a page that does not follow an act. */
export async function doneOf(visit: Visit): Promise<Done | null> {
  const value = await unseal(visit, "done", visit.url.searchParams.get("done"));
  if (typeof value !== "object" || value === null || !("id" in value) || !("text" in value)) return null;
  return typeof value.id === "string" && typeof value.text === "string" ? { id: value.id, text: value.text } : null;
}
