/** A PNG with only what is needed to show it, or why the bytes are none. */
export type CleanPng =
  | { readonly ok: true; readonly png: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly reason: string };

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Chunks that show the picture. Texts, profiles and places, which may hold anything, are left out. */
const KEPT: ReadonlySet<string> = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "sRGB", "gAMA"]);
const CHUNK_OVERHEAD = 12;

/**
 * Checks the signature, the size in pixels and the order of the chunks of a PNG (chapters 5 and 11 of its specification), and
 * drops the chunks that do not show anything, and what follows the end.
 */
export function cleanPng(bytes: Uint8Array<ArrayBuffer>, maxPixels: number): CleanPng {
  if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) return refuse("is no PNG: its signature is missing");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array<ArrayBuffer>[] = [SIGNATURE];
  const seen: string[] = [];
  for (let at = SIGNATURE.length; at + CHUNK_OVERHEAD <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + CHUNK_OVERHEAD + length;
    if (end > bytes.length) return refuse("is a PNG that is cut off");
    if (seen.length === 0) {
      const problem = type === "IHDR" && length === 13
        ? sizeProblem(view.getUint32(at + 8), view.getUint32(at + 12), maxPixels)
        : "is no PNG: it does not begin with its header";
      if (problem !== null) return refuse(problem);
    }
    seen.push(type);
    if (KEPT.has(type)) kept.push(bytes.slice(at, end));
    if (type === "IEND") break;
    at = end;
  }
  if (!seen.includes("IDAT") || seen.at(-1) !== "IEND") return refuse("is a PNG that is cut off");
  if (seen.filter((type) => type === "IHDR").length > 1) return refuse("is a PNG with two headers");
  return { ok: true, png: joined(kept) };
}

const refuse = (reason: string): CleanPng => ({ ok: false, reason });

const sizeProblem = (width: number, height: number, most: number): string | null =>
  width >= 1 && height >= 1 && width <= most && height <= most
    ? null
    : `must be at most ${most} by ${most} pixels, and is ${width} by ${height}`;

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
