import { getCookie, setCookie } from "hono/cookie";
import type { Services } from "../../context/services.ts";
import type { ConsolePage } from "../session/context-of.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = typeof THEMES[number];

/** How a person wants to see the console, in this browser. */
export interface Preferences {
  readonly theme: Theme;
  /** Whether the keyboard shortcuts work. */
  readonly hasKeys: boolean;
}

const COOKIE = "malipo_console";
const YEAR_S = 31_536_000;

const isTheme = (text: unknown): text is Theme => (THEMES as readonly unknown[]).includes(text);

/** The preferences that this browser keeps. */
export function preferencesOf(c: ConsolePage): Preferences {
  const [theme, keys] = (getCookie(c, COOKIE) ?? "").split(".");
  return { theme: isTheme(theme) ? theme : "auto", hasKeys: keys !== "off" };
}

/** Keeps what a form says. */
export function keepPreferences(c: ConsolePage, { config }: Pick<Services, "config">, form: FormData): void {
  const theme = form.get("theme");
  setCookie(c, COOKIE, `${isTheme(theme) ? theme : "auto"}.${form.get("keys") === "off" ? "off" : "on"}`, {
    path: "/console",
    httpOnly: true,
    sameSite: "Lax",
    secure: config.server.publicUrl.startsWith("https:"),
    maxAge: YEAR_S,
  });
}
