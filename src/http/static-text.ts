import type { Context as HonoContext } from "hono";
import type { Env } from "./env.ts";

/** A text that stays the same while the process runs: hashed and compressed once. */
export interface StaticText {
  readonly type: string;
  /** Weak, because the compressed and the plain answer share it. */
  readonly etag: string;
  /** The whole text as gzip. The plain text is not kept beside it: nearly every caller takes gzip. */
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** Prepares a text of the media type `type` for {@link sendStatic}. */
export async function prepareStatic(type: string, text: string): Promise<StaticText> {
  const bytes = new TextEncoder().encode(text);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return {
    type,
    etag: `W/"${digest.toHex().slice(0, 32)}"`,
    gzip: await through(bytes, new CompressionStream("gzip")),
  };
}

/** Answers the text, compressed if the caller takes gzip, or 304 if the caller has it already (RFC 9110, section 13). */
export async function sendStatic(
  c: HonoContext<Env>,
  { type, etag, gzip }: StaticText,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const all = { ...headers, etag, vary: [headers.vary, "Accept-Encoding"].filter(Boolean).join(", ") };
  if (matches(c.req.header("if-none-match") ?? "", etag)) return c.body(null, 304, all);
  if (takesGzip(c.req.header("accept-encoding") ?? "")) {
    return c.body(gzip, 200, { ...all, "content-type": type, "content-encoding": "gzip" });
  }
  return c.body(await through(gzip, new DecompressionStream("gzip")), 200, { ...all, "content-type": type });
}

const matches = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(",").map((one) => one.trim()).some((one) =>
    one === "*" || one.replace(/^W\//, "") === etag.slice(2)
  );

/** Whether a caller takes gzip, by its Accept-Encoding. */
export const takesGzip = (acceptEncoding: string): boolean =>
  acceptEncoding.toLowerCase().split(",").some((one) =>
    /^\s*(gzip|\*)\s*(;|$)/.test(one) && !/;\s*q=0(\.0*)?\s*$/.test(one)
  );

const through = async (
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
