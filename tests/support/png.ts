import { crc32, deflateSync } from "node:zlib";

/** A chunk of a PNG: length, type, data, checksum. */
export function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array([...new TextEncoder().encode(type), ...data]);
  const made = new Uint8Array(body.length + 8);
  const view = new DataView(made.buffer);
  view.setUint32(0, data.length);
  made.set(body, 4);
  view.setUint32(made.length - 4, crc32(body));
  return made;
}

/** A black PNG. `more` are chunks after its header; `tail` follows its end. */
export function png(
  width: number,
  height: number,
  more: readonly Uint8Array[] = [],
  tail: Uint8Array = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8; // bits for each pixel, which is a grey
  const rows = new Uint8Array(Math.min(height, 8) * (Math.min(width, 8) + 1));
  return new Uint8Array([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", header),
    ...more.flatMap((part) => [...part]),
    ...chunk("IDAT", deflateSync(rows)),
    ...chunk("IEND", new Uint8Array(0)),
    ...tail,
  ]);
}
