import { passkeyScript } from "./script.ts";
import type { ConsolePage } from "../session/context-of.ts";

/** The script, which browsers may keep: its address changes with its content. */
export async function servePasskeyScript(c: ConsolePage): Promise<Response> {
  const { path, type, content } = await passkeyScript();
  if (c.req.path !== path) return c.notFound();
  return c.body(content, 200, { "content-type": type, "cache-control": "public, max-age=31536000, immutable" });
}
