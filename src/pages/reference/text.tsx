// deno-lint-ignore-file jsx-key -- rendered once, on the server
import type { Markup } from "../markup.ts";

/** Renders plain text. What stands between backquotes becomes `<code>`. */
export function Text({ text }: { text: string }): Markup {
  return <>{inline(text)}</>;
}

/** Renders plain text as {@link Text} does, with a paragraph for each part between blank lines. */
export function Paragraphs({ text }: { text: string | undefined }): Markup {
  return <>{(text ?? "").split(/\n\s*\n/).filter((part) => part !== "").map((part) => <p>{inline(part)}</p>)}</>;
}

const inline = (text: string) =>
  text.split(/(`[^`]+`)/).map((part) => part.startsWith("`") ? <code>{part.slice(1, -1)}</code> : part);

const JSON_TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\b\d+(?:\.\d+)?\b)/g;

/** Renders a value as indented JSON. Keys, strings, numbers and words get a class, for their colour. */
export function Json({ value }: { value: unknown }): Markup {
  const text = JSON.stringify(value, null, 2) ?? "";
  const parts: (Markup | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(JSON_TOKEN)) {
    const [whole, quoted, colon, word] = match;
    parts.push(text.slice(at, match.index));
    const kind = quoted === undefined ? word === undefined ? "n" : "w" : colon === undefined ? "s" : "k";
    parts.push(<span class={kind}>{quoted ?? whole}</span>);
    if (colon !== undefined) parts.push(colon);
    at = match.index + whole.length;
  }
  return <pre tabindex={0}><code>{parts}{text.slice(at)}</code></pre>;
}

/** Renders a command that readers paste into a shell. */
export function Shell({ text }: { text: string }): Markup {
  return <pre tabindex={0}><code>{text}</code></pre>;
}
