import type { MiddlewareHandler } from "hono";
import type { Services } from "../../context/services.ts";
import { limitBody } from "../../http/body-limit.ts";
import { PageRefused } from "./page-refused.ts";
import type { Env } from "../../http/env.ts";
import type { ConsolePage } from "./context-of.ts";

/** The name of the form field with the CSRF token. A script may send it as the header `x-csrf-token` instead. */
export const CSRF_FIELD = "csrf";
const FORM_BYTES = 65_536;

const partsOf = (sessionId: string): readonly unknown[] => ["csrf", sessionId];

/** A token that only pages of this session hold. It is made with a key, so nobody can make it from the session's id. */
export const csrfTokenOf = ({ digests }: Pick<Services, "digests">, sessionId: string): string =>
  digests.make(partsOf(sessionId));

/** Whether a request comes from a page of ours. A browser that sends neither header is judged by the token alone. */
export function isFromOwnPage(c: ConsolePage, { config }: Pick<Services, "config">): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("origin");
  return origin === undefined || origin === new URL(config.server.publicUrl).origin;
}

/**
 * Reads a submitted form, also one with files, and lets it through if it comes from a page of this session. It comes after
 * `requireViewer`. Errors: {@link PageRefused} `form_not_ours`, `body_too_large`.
 */
export function readForm(services: Services, maxBytes: number = FORM_BYTES): MiddlewareHandler<Env> {
  const hasFiles = (type: string | undefined) => type?.toLowerCase().startsWith("multipart/form-data") ?? false;
  const readBody = limitBody(maxBytes, services.config.limits.requests.bodyDeadlineMs, hasFiles);
  return async (c, next) => {
    if (!isFromOwnPage(c, services)) throw new PageRefused("form_not_ours");
    await readBody(c, async () => {});
    const form = await parse(c, hasFiles(c.req.header("content-type")));
    const token = c.req.header("x-csrf-token") ?? form.get(CSRF_FIELD);
    const parts = partsOf(c.get("viewer").sessionId);
    if (typeof token !== "string" || !services.digests.matches(token, parts)) throw new PageRefused("form_not_ours");
    c.set("form", form);
    await next();
  };
}

async function parse(c: ConsolePage, hasFiles: boolean): Promise<FormData> {
  const form = new FormData();
  if (!hasFiles) {
    for (const [name, value] of new URLSearchParams(await c.req.text())) form.append(name, value);
    return form;
  }
  try {
    const headers = { "content-type": c.req.header("content-type") ?? "" };
    return await new Response(await c.req.arrayBuffer(), { headers }).formData();
  } catch {
    return form; // not readable as a form, so it has no token either
  }
}
