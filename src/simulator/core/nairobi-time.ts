const NAIROBI_OFFSET_MS = 3 * 60 * 60 * 1000;

/** The parts of a time in Nairobi (UTC+3, no summer time), with leading zeros. `ms`: ms since the epoch. */
export function nairobiParts(
  ms: number,
): Record<"year" | "month" | "day" | "hour" | "minute" | "second" | "ms", string> {
  const iso = new Date(ms + NAIROBI_OFFSET_MS).toISOString();
  return {
    year: iso.slice(0, 4),
    month: iso.slice(5, 7),
    day: iso.slice(8, 10),
    hour: iso.slice(11, 13),
    minute: iso.slice(14, 16),
    second: iso.slice(17, 19),
    ms: iso.slice(20, 23),
  };
}

/** `YYYYMMDDHHmmss` in Nairobi. */
export function nairobiStamp(ms: number): string {
  const p = nairobiParts(ms);
  return `${p.year}${p.month}${p.day}${p.hour}${p.minute}${p.second}`;
}

/** `DD.MM.YYYY HH:mm:ss` in Nairobi, the form of B2C results. */
export function nairobiDotted(ms: number): string {
  const p = nairobiParts(ms);
  return `${p.day}.${p.month}.${p.year} ${p.hour}:${p.minute}:${p.second}`;
}

/** Epoch ms of `YYYYMMDDHHmmss` or `YYYY-MM-DD HH:mm:ss` in Nairobi; undefined if there is no such time. */
export function parseNairobiTime(text: string): number | undefined {
  const match = /^(\d{4})-?(\d{2})-?(\d{2}) ?(\d{2}):?(\d{2}):?(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Date.UTC(year, month - 1, day, hour, minute, second) - NAIROBI_OFFSET_MS;
  return year >= 2000 && nairobiStamp(ms) === match.slice(1).join("") ? ms : undefined;
}
