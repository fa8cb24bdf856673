import type { Malipo } from "../../client/mod.ts";
import { UsageError } from "../frame/command.ts";
import type { Start } from "./feed.ts";

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time: RFC 3339, or how long ago, such as `90s`, `10m`, `2h` or `1d`. Ms since the epoch. Errors: {@link UsageError}. */
export function timeOf(text: string, now: number): number {
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  const at = ago === null ? Date.parse(text) : now - Number(ago[1]) * (UNITS_MS[ago[2] ?? ""] ?? 0);
  if (!Number.isNaN(at)) return at;
  throw new UsageError(`${text} is no time. Give 10m, 2h or 1d (ago), or 2026-12-01T09:00:00+03:00.`);
}

/** Where `listen` begins: at the event or time of `--from`, or now. Errors: {@link UsageError}. */
export async function startOf(malipo: Malipo, from: string | undefined, now: number): Promise<Start> {
  if (from === undefined) return { at: now };
  if (!from.startsWith("evt_")) return { at: timeOf(from, now) };
  return { event: await malipo.events.get(from) };
}
