import type { Context as HonoContext } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Services } from "../../context/context.ts";
import type { Env } from "../../http/env.ts";
import { isLanguage, type Language, preferredLanguage } from "../text/language.ts";

/** Cookies of the page: the phone number, encrypted so that only this service can read it, and the language. */
const PHONE_COOKIE = "malipo_phone";
const LANGUAGE_COOKIE = "malipo_lang";
const HALF_A_YEAR_S = 15_552_000;
const sealContext = { table: "cookies", column: "phone", row: "v1" };

type CookieServices = Pick<Services, "vault" | "config">;

const cookieOptions = ({ config }: CookieServices, seconds: number, path = "/pay") => ({
  path,
  httpOnly: true,
  sameSite: "Lax", // the browser sends it when the shop links here, never when another site posts a form here
  secure: config.server.publicUrl.startsWith("https:"),
  maxAge: seconds,
} as const);

/** The remembered phone number (12 digits), or null. */
export async function rememberedPhone(c: HonoContext<Env>, { vault }: CookieServices): Promise<string | null> {
  const sealed = getCookie(c, PHONE_COOKIE);
  if (sealed === undefined || sealed.length > 512) return null;
  try {
    return await vault.openText(Uint8Array.fromBase64(sealed, { alphabet: "base64url" }), sealContext);
  } catch {
    return null; // sealed with a retired key, or not by this service
  }
}

/** Stores a phone number in the cookie; null deletes the cookie. */
export async function rememberPhone(
  c: HonoContext<Env>,
  services: CookieServices,
  phone: string | null,
): Promise<void> {
  if (phone === null) return setCookie(c, PHONE_COOKIE, "", cookieOptions(services, 0));
  const sealed = await services.vault.seal(phone, sealContext);
  setCookie(
    c,
    PHONE_COOKIE,
    sealed.toBase64({ alphabet: "base64url", omitPadding: true }),
    cookieOptions(services, HALF_A_YEAR_S),
  );
}

/** The language of this visit: the one just chosen, the one chosen before below `path`, the browser's, or the merchant's. */
export function languageOf(
  c: HonoContext<Env>,
  services: CookieServices,
  chosen: string | undefined,
  path?: string,
  ofMerchant: Language = "en",
): Language {
  if (isLanguage(chosen)) {
    setCookie(c, LANGUAGE_COOKIE, chosen, cookieOptions(services, HALF_A_YEAR_S, path));
    return chosen;
  }
  const before = getCookie(c, LANGUAGE_COOKIE);
  return isLanguage(before) ? before : preferredLanguage(c.req.header("accept-language"), ofMerchant);
}
