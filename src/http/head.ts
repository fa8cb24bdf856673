import type { Context as HonoContext, Next } from "hono";
import type { Env } from "./env.ts";

const STREAMED = /^text\/(event-stream|csv)\b/;

/**
 * Gives the answer to HEAD the length of the answer to GET (RFC 9110, section 8.6), which Hono drops with the body. A
 * stream has no length beforehand: it is ended, so that nothing is read for an answer that carries nothing.
 */
export async function describeHead(c: HonoContext<Env>, next: Next): Promise<void> {
  await next();
  const { res } = c;
  if (c.req.method !== "HEAD" || res.body === null) return;
  if (STREAMED.test(res.headers.get("content-type") ?? "")) return await res.body.cancel();
  const { byteLength } = await res.arrayBuffer();
  c.res = new Response(null, { status: res.status, headers: res.headers });
  c.res.headers.set("content-length", String(byteLength));
}
