import type { Child } from "hono/jsx";
import type { Role } from "../../auth/roles.ts";
import type { Context } from "../../context/context.ts";
import type { Sums } from "../../db/list.ts";
import type { Route } from "../../http/operation.ts";
import type { Offer } from "./act.ts";
import type { Filter } from "./filters.ts";
import type { NavEntry, Words } from "./page.ts";
import type { Look, Visit } from "./visit.ts";

/** A column of a list. */
export interface Column<R> {
  readonly head: Words;
  readonly cell: (row: R, visit: Visit) => Child;
  /** Money, counts and durations stand right. */
  readonly end?: true;
  /** Its place on the card that a row is on a phone. Without one the card leaves it out. */
  readonly card?: "who" | "amount" | "chip" | "time" | "reason";
  /** A list with many columns leaves it out also on a laptop: the row's own page and the CSV have it. */
  readonly spare?: true;
  /** The list is sorted by it. */
  readonly sorted?: "ascending" | "descending";
}

/**
 * A list page. To add one: describe it by this, pass it to `listPage` (list-page.tsx), and put the result into the table of
 * pages (pages.ts). Rows, filters, CSV and refusals come from the route of the API; the generated tests walk the page by
 * themselves once it is in the table. Model: `console/payments/list.tsx`.
 */
export interface ListSpec<R extends { readonly id: string }> {
  readonly path: string;
  readonly area?: "merchant" | "platform";
  readonly roles: readonly Role[];
  readonly nav: NavEntry;
  /** What the page answers, in one question. */
  readonly question: Words;
  /** The route of the API that lists the rows. */
  readonly route: Route;
  /** Parameters of the API that the page always sets. */
  readonly always?: Readonly<Record<string, string>>;
  readonly filters: readonly Filter[];
  readonly columns: readonly Column<R>[];
  /** How many rows the filter finds, and what they add up to. `most`: count no further; null: count all. */
  readonly sums?: {
    read(ctx: Context, input: object, most: number | null): Promise<Sums | null>;
    text(sums: Sums, look: Look): string;
  };
  /** The path of a row's own page. */
  readonly href?: (row: R) => string;
  /** Where the acts are, if not at `path`: the path of the records that the rows are. */
  readonly actsAt?: string;
  /** What can be done with a row. */
  readonly acts?: readonly Offer<R>[];
  /** The words of the button to `new`, the page that makes a row. It is for those who may see that page. */
  readonly create?: Words;
  /** Why there is nothing, and the one next act, where no filter is set. */
  readonly empty: (visit: Visit) => Child;
  /** On top, under the heading. */
  readonly note?: (visit: Visit) => Child | Promise<Child>;
  /** What a row shows under it when the address opens it: `?open=` and its id. The list has a link to that in a column. */
  readonly opened?: (row: R, visit: Visit) => Child | Promise<Child>;
  /** Beside or under the table. */
  readonly aside?: (visit: Visit, rows: readonly R[]) => Child | Promise<Child>;
}
