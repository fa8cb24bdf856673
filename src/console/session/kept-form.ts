import type { Services } from "../../context/services.ts";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { VaultError } from "../../crypto/vault.ts";
import { sessionOfToken } from "../../domain/people/sessions.ts";
import { limitBody } from "../../http/body-limit.ts";
import { KEY_FIELD } from "../kit/form.tsx";
import type { ConsolePage } from "./context-of.ts";
import { CSRF_FIELD, csrfTokenOf, isFromOwnPage } from "./csrf.ts";

const COOKIE = "malipo_form";
const LIFETIME_S = 1_800;
const FORM_BYTES = 65_536;
/** Browsers keep no longer cookie. */
const MAX_COOKIE = 3_800;
const place = { table: "cookies", column: "form", row: "v1" };
/** They are of the page that is shown anew. */
const OWN_FIELDS: ReadonlySet<string> = new Set([CSRF_FIELD, KEY_FIELD, "version", "passkey", "seen"]);

const kept = z.object({
  person: z.string(),
  address: z.string(),
  fields: z.array(z.tuple([z.string(), z.string()])),
  until: z.number(),
});

const optionsOf = ({ config }: Services) => ({
  path: "/console",
  httpOnly: true,
  sameSite: "Lax",
  secure: config.server.publicUrl.startsWith("https:"),
} as const);

/**
 * Keeps what was typed into a form whose session has ended, sealed in a cookie, until the same person has signed in again.
 * Files, passkeys and forms of more than some 2,500 characters are not kept.
 */
export async function keepForm(c: ConsolePage, services: Services, token: string): Promise<void> {
  const type = c.req.header("content-type")?.toLowerCase() ?? "";
  if (c.req.method !== "POST" || !type.startsWith("application/x-www-form-urlencoded")) return;
  if (!isFromOwnPage(c, services)) return;
  const session = await sessionOfToken(services, token);
  if (session === null) return;
  await limitBody(FORM_BYTES, services.config.limits.requests.bodyDeadlineMs)(c, async () => {});
  const form = new URLSearchParams(await c.req.text());
  if (form.get(CSRF_FIELD) !== csrfTokenOf(services, session.id)) return;
  const { pathname, search } = new URL(c.req.url);
  const value: z.infer<typeof kept> = {
    person: session.person_id,
    address: pathname + search,
    fields: [...form].filter(([name]) => !OWN_FIELDS.has(name)),
    until: services.clock.now() + LIFETIME_S * 1000,
  };
  const sealed = (await services.vault.seal(JSON.stringify(value), place)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
  if (sealed.length <= MAX_COOKIE) setCookie(c, COOKIE, sealed, { ...optionsOf(services), maxAge: LIFETIME_S });
}

/** The kept form; null where there is none. Where it is of this page and person, it is given once. */
export async function takeKeptForm(c: ConsolePage, services: Services): Promise<FormData | null> {
  const found = await readKept(c, services);
  const { pathname, search } = new URL(c.req.url);
  if (found === null || found.address !== pathname + search) return null;
  deleteCookie(c, COOKIE, optionsOf(services));
  if (found.person !== c.get("viewer").person.id) return null;
  const form = new FormData();
  for (const [name, value] of found.fields) form.append(name, value);
  return form;
}

/** The page of the kept form of a person who has just signed in; null: there is none. */
export async function keptAddress(c: ConsolePage, services: Services, personId: string): Promise<string | null> {
  const found = await readKept(c, services);
  return found?.person === personId ? found.address : null;
}

async function readKept(c: ConsolePage, services: Services): Promise<z.infer<typeof kept> | null> {
  const cookie = getCookie(c, COOKIE);
  if (cookie === undefined || cookie === "" || cookie.length > MAX_COOKIE) return null;
  try {
    const sealed = Uint8Array.fromBase64(cookie, { alphabet: "base64url" });
    const found = kept.parse(JSON.parse(await services.vault.openText(sealed, place)));
    return found.until > services.clock.now() ? found : null;
  } catch (error) {
    if (error instanceof VaultError || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
