import type { Role } from "../../auth/roles.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Live } from "../live/live.ts";
import type { Text } from "../text/texts.ts";
import type { IconName } from "./icons.tsx";
import type { Look, Visit } from "./visit.ts";

/** What a page shows. */
export interface View {
  readonly title: string;
  readonly body: Markup;
  /** What the page shows, where it follows what happens. */
  readonly shown?: Live;
  /** Its form has what was typed before the session ended. */
  readonly isKept?: boolean;
  /** The page has a form that a passkey answers. */
  readonly usesPasskey?: boolean;
  /** Default: 200. 422: a form whose input was refused. */
  readonly status?: 200 | 400 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;
}

/** The place of a page in the menu. */
export interface NavEntry {
  readonly name: Exclude<keyof Text["nav"], "label" | "more">;
  readonly group: keyof Text["groups"];
  readonly icon: IconName;
}

/** The answer of a page: what it shows, or something else, such as a redirect or a file. */
export type PageAnswer = View | Response;

/** A page of the console. */
export interface Page {
  /** Under `/console/m/:merchant/`, or under `/console/platform/`. */
  readonly path: string;
  readonly area: "merchant" | "platform";
  /** Who may see it. Others get 403. */
  readonly roles: readonly Role[];
  readonly nav?: NavEntry;
  get(visit: Visit): Promise<PageAnswer>;
  /** What the page shows now, for one that follows what happens; see `live/live.ts`. */
  readonly live?: (visit: Visit) => Promise<Live>;
  /** What its form does. It answers 303, or 422 with the form filled in. */
  readonly post?: (visit: Visit, form: FormData) => Promise<PageAnswer>;
  /** The largest form, in bytes, where it carries a file. Default: 64 KiB. */
  readonly formBytes?: number;
}

/** A word or sentence that depends on the language. */
export type Words = (look: Look) => string;

/** A part of the path of the visit, such as the id in `payments/:id`. */
export const parameter = ({ c }: Visit, name: string): string => c.req.param(name) ?? "";
