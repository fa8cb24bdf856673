import { Marked } from "marked";
import { guidePath } from "./places.ts";

/** A guide as a page shows it. */
export interface Guide {
  readonly name: string;
  /** The first heading, which is not in `html`. */
  readonly title: string;
  /** Each word of its text once, for the search. */
  readonly words: string;
  readonly html: string;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s-]/gu, "").trim().replaceAll(/\s/g, "-");

const wordsOf = (text: string): string => [...new Set(text.toLowerCase().match(/[\p{L}_]{4,}/gu) ?? [])].join(" ");

/** Where a link of a guide leads on this site. Null: to a file of the repository that the site does not show. */
function targetOf(href: string, guides: ReadonlySet<string>): string | null {
  if (/^(#|https:\/\/)/.test(href)) return href;
  const [, name = "", anchor = ""] = /^([\w-]+)\.md(#[\w-]+)?$/.exec(href) ?? [];
  return guides.has(name) ? guidePath(name) + anchor : null;
}

/** Renders the Markdown of a guide. HTML in it is shown as text. `guides` are the names that links may lead to. */
export function renderGuide(name: string, text: string, guides: ReadonlySet<string>): Guide {
  let title = name;
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        const plain = text.replaceAll("`", "");
        if (depth === 1) {
          title = plain;
          return "";
        }
        return `<h${depth} id="${anchorOf(plain)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const target = targetOf(href, guides);
        return target === null ? inner : `<a href="${escapeHtml(target)}">${inner}</a>`;
      },
      code: ({ text }) => `<div class="panel"><pre tabindex="0"><code>${escapeHtml(text)}</code></pre></div>\n`,
      html: ({ text }) => escapeHtml(text),
      image: ({ text }) => escapeHtml(text),
    },
  });
  const html = marked.parse(text, { async: false })
    .replaceAll("<table>", '<div class="table" tabindex="0"><table>').replaceAll("</table>", "</table></div>");
  return { name, title, words: wordsOf(text), html };
}
