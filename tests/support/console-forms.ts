import { formOf, type Visitor } from "./console.ts";
import type { InProcess } from "./in-process.ts";

type Fields = Readonly<Record<string, string | readonly string[]>>;

interface Sent {
  readonly first: Awaited<ReturnType<Visitor["go"]>>;
  /** Sends the same form again. */
  readonly press: () => ReturnType<Visitor["go"]>;
}

/** Fills a page's own form in and sends it; a field may have several values. */
export async function send(visitor: Visitor, path: string, fields: Fields, csrf?: string): Promise<Sent> {
  const { html } = await visitor.go(path);
  const form = { ...formOf(html, path), ...fields, ...csrf === undefined ? {} : { csrf } };
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) for (const one of [value].flat()) body.append(name, one);
  const post = {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new TextEncoder().encode(String(body)),
  };
  return { first: await visitor.go(path, post), press: () => visitor.go(path, post) };
}

/** The answers that are kept for replays, opened. */
export async function keptAnswers(run: InProcess): Promise<string> {
  const rows = await run.sql("SELECT merchant_id, key, body FROM idempotency_keys WHERE key LIKE 'console:%'");
  const opened = await Promise.all(rows.map(([merchant, key, body]) => {
    if (body === null) return "";
    const place = { table: "idempotency_keys", column: "body", row: `${merchant}/${key}` };
    return run.services.vault.openText(new Uint8Array(body as Uint8Array), place); // the column's type
  }));
  return opened.join("\n");
}
