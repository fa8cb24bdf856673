import type { HtmlEscapedString } from "hono/utils/html";

/** The result of a component. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;
