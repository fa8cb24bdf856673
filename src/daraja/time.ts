/**
 * Daraja's times are Nairobi's, without a time zone in the text (daraja.md section 0.9). East Africa has no summer time:
 * it is always UTC+3.
 */

const NAIROBI_OFFSET_MS = 3 * 60 * 60 * 1000;
const LATEST_MS = 253_402_300_799_000 - NAIROBI_OFFSET_MS; // the last second with a four-digit year

/** `YYYYMMDDHHmmss` in Nairobi, the form of the field `Timestamp`. */
export function nairobiStamp(ms: number): string {
  return wallClock(ms).replace(/\D/g, "").slice(0, 14);
}

/** `YYYY-MM-DD` in Nairobi: the day of M-Pesa's daily limits. */
export function nairobiDay(ms: number): string {
  return wallClock(ms).slice(0, 10);
}

/** `YYYY-MM-DD HH:mm:ss` in Nairobi, the form of the pull query (daraja.md section 7.9). */
export function nairobiDateTime(ms: number): string {
  return wallClock(ms).slice(0, 19).replace("T", " ");
}

/**
 * A time in any form that Daraja writes, in ms since the epoch: 14 digits, `DD.MM.YYYY HH:mm:ss`, or ISO 8601. A time
 * without zone is Nairobi's. Null for anything else, also for a day that does not exist.
 */
export function parseDarajaTime(text: string | null): number | null {
  const trimmed = text?.trim() ?? "";
  return parseStamp(trimmed) ?? parseDotted(trimmed) ?? parseIso(trimmed);
}

/** The first moment of a day in Nairobi (`YYYY-MM-DD`), in ms since the epoch; null where the text is no such day. */
export function nairobiMidnight(day: string): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day);
  return parts === null ? null : nairobiMs(parts.slice(1).map(Number));
}

function parseStamp(text: string): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  return parts === null ? null : nairobiMs(parts.slice(1).map(Number));
}

function parseDotted(text: string): number | null {
  const parts = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)$/.exec(text);
  if (parts === null) return null;
  const [day, month, year, ...time] = parts.slice(1).map(Number);
  return nairobiMs([year ?? 0, month ?? 0, day ?? 0, ...time]);
}

function parseIso(text: string): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (parts === null) return null;
  const local = nairobiMs(parts.slice(1, 7).map(Number));
  if (local === null) return null;
  const fraction = Math.floor(Number(`0${parts[7] ?? ""}`) * 1000);
  return local + fraction + NAIROBI_OFFSET_MS - offsetOf(parts[8]);
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined) return NAIROBI_OFFSET_MS;
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

function nairobiMs(parts: readonly number[]): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(utc);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day &&
    date.getUTCHours() === hour && date.getUTCMinutes() === minute && date.getUTCSeconds() === second;
  return exists ? utc - NAIROBI_OFFSET_MS : null;
}

function wallClock(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0 || ms > LATEST_MS) throw new RangeError("a time must be ms since the epoch");
  return new Date(ms + NAIROBI_OFFSET_MS).toISOString();
}
