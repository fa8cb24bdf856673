import type { Context as HonoContext } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Services } from "../../context/context.ts";
import type { Env } from "../../http/env.ts";
import { isLanguage, type Language, preferred } from "../text/language.ts";

/** What the shopper's browser keeps for the page: the number, sealed so that only we can read it, and the language. */
const PHONE = "malipo_phone";
const LANGUAGE = "malipo_lang";
const HALF_A_YEAR_S = 15_552_000;
const place = { table: "cookies", column: "phone", row: "v1" };

type Remembering = Pick<Services, "vault" | "config">;

const keep = ({ config }: Remembering, seconds: number) => ({
  path: "/pay",
  httpOnly: true,
  sameSite: "Lax", // sent along when the shop links here, never when it posts
  secure: config.server.publicUrl.startsWith("https:"),
  maxAge: seconds,
} as const);

/** The number that was remembered (12 digits), or null. */
export async function rememberedPhone(c: HonoContext<Env>, { vault }: Remembering): Promise<string | null> {
  const sealed = getCookie(c, PHONE);
  if (sealed === undefined || sealed.length > 512) return null;
  try {
    return await vault.openText(Uint8Array.fromBase64(sealed, { alphabet: "base64url" }), place);
  } catch {
    return null; // of a retired key, or not ours
  }
}

/** Remembers a number on this device, or forgets the one that is there. */
export async function rememberPhone(
  c: HonoContext<Env>,
  services: Remembering,
  phone: string | null,
): Promise<void> {
  if (phone === null) return setCookie(c, PHONE, "", keep(services, 0));
  const sealed = await services.vault.seal(phone, place);
  setCookie(c, PHONE, sealed.toBase64({ alphabet: "base64url", omitPadding: true }), keep(services, HALF_A_YEAR_S));
}

/** The language of this visit: the one just chosen, the one chosen before, or the browser's. */
export function languageOf(c: HonoContext<Env>, services: Remembering, chosen: string | undefined): Language {
  if (isLanguage(chosen)) {
    setCookie(c, LANGUAGE, chosen, keep(services, HALF_A_YEAR_S));
    return chosen;
  }
  const before = getCookie(c, LANGUAGE);
  return isLanguage(before) ? before : preferred(c.req.header("accept-language"));
}
