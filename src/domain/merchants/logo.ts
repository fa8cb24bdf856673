import { sha256 } from "../../crypto/hash.ts";
import { cleanPng } from "../../lib/png.ts";
import { cleanSvg } from "../../lib/svg.ts";
import { invalidField } from "../../problems/problem.ts";

/** A logo that may be served: cleaned, with the hash that its address has. */
export interface Logo {
  readonly kind: "svg" | "png";
  readonly content: Uint8Array<ArrayBuffer>;
  readonly hash: string;
}

const MAX_BYTES = 20_480;
const MAX_PIXELS = 512;
const HASH_DIGITS = 32;

/** Reads and cleans a logo of a request: SVG text, base64 of a PNG, or a `data:` URL. Errors: `validation_failed` at `/logo`. */
export function readLogo(text: string): Logo {
  const data = /^data:image\/(?:svg\+xml|png)((?:;[\w=-]+)*),/i.exec(text);
  const body = data === null ? text.trim() : text.slice(data[0].length).trim();
  if (data === null && body.startsWith("<")) return svgLogo(body);
  const isBase64 = data === null || /;base64$/i.test(data[1] ?? "");
  const bytes = isBase64 ? fromBase64(body) : fromPercent(body);
  if (bytes === null) throw invalidField("/logo", "must be the text of an SVG, or a PNG in base64");
  return bytes[0] === 0x89 ? pngLogo(bytes) : svgLogo(textOf(bytes));
}

function svgLogo(text: string): Logo {
  const cleaned = cleanSvg(text);
  if (!cleaned.ok) throw invalidField("/logo", cleaned.reason);
  return bounded("svg", new TextEncoder().encode(cleaned.svg));
}

function pngLogo(bytes: Uint8Array<ArrayBuffer>): Logo {
  const cleaned = cleanPng(bytes, MAX_PIXELS);
  if (!cleaned.ok) throw invalidField("/logo", cleaned.reason);
  return bounded("png", cleaned.png);
}

function bounded(kind: Logo["kind"], content: Uint8Array<ArrayBuffer>): Logo {
  if (content.length > MAX_BYTES) {
    throw invalidField("/logo", `must be at most ${MAX_BYTES} bytes, without what is dropped`);
  }
  return { kind, content, hash: sha256(content).toHex().slice(0, HASH_DIGITS) };
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return null;
  }
}

function fromPercent(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return new TextEncoder().encode(decodeURIComponent(text));
  } catch {
    return null;
  }
}

/** Bytes that are no UTF-8 become marks that no SVG may have in its names. */
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
