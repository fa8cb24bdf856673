/** The end of a certificate's validity (RFC 5280, section 4.1). */

/** One DER element: where its content begins and ends. Null: the bytes are cut off. */
function element(bytes: Uint8Array, at: number): { tag: number; from: number; to: number } | null {
  const [tag, length] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || length === undefined) return null;
  const more = length < 0x80 ? 0 : length & 0x7f;
  let size = length < 0x80 ? length : 0;
  for (let i = 0; i < more; i++) size = size * 256 + (bytes[at + 2 + i] ?? 0);
  const from = at + 2 + more;
  return more > 4 || from + size > bytes.length ? null : { tag, from, to: from + size };
}

/**
 * When a certificate (PEM) ends, in ms since the epoch. Null for what is no certificate, such as a bare public key, and
 * for what can't be read.
 */
export function certificateExpiry(pem: string): number | null {
  const body = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(pem)?.[1]?.replace(/\s/g, "");
  if (body === undefined) return null;
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.fromBase64(body);
  } catch {
    return null;
  }
  const certificate = element(bytes, 0);
  const content = certificate && element(bytes, certificate.from); // tbsCertificate
  if (!content) return null;
  let at = content.from;
  let sequences = 0;
  while (at < content.to) { // version?, serial, then three sequences: signature, issuer, validity
    const part = element(bytes, at);
    if (part === null) return null;
    if (part.tag === 0x30 && ++sequences === 3) return endOf(bytes, part.from);
    at = part.to;
  }
  return null;
}

function endOf(bytes: Uint8Array, from: number): number | null {
  const begin = element(bytes, from);
  const end = begin && element(bytes, begin.to);
  if (!end) return null;
  const text = new TextDecoder().decode(bytes.subarray(end.from, end.to));
  const parts = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const whole = end.tag === 0x18 ? year : year + (year < 50 ? 2000 : 1900); // UTCTime has two digits
  return Date.UTC(whole, month - 1, day, hour, minute, second);
}
