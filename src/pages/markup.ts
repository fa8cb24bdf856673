import type { HtmlEscapedString } from "hono/utils/html";

/** What a component makes. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;
