/** A PNG of black and white squares: `size` pixels wide and high, with the squares in the middle. */
export async function pngOf(squares: readonly (readonly boolean[])[], size: number): Promise<Uint8Array> {
  const count = squares.length;
  const scale = Math.max(1, Math.floor(size / count));
  const margin = Math.max(0, Math.floor((size - scale * count) / 2));
  const rowBytes = Math.ceil(size / 8);
  const pixels = new Uint8Array(size * (rowBytes + 1)); // each row begins with its filter, 0
  for (let y = 0; y < size; y++) {
    const row = squares[Math.floor((y - margin) / scale)];
    for (let x = 0; x < size; x++) {
      if (row?.[Math.floor((x - margin) / scale)] === true) continue;
      const at = y * (rowBytes + 1) + 1 + (x >> 3);
      pixels[at] = (pixels[at] ?? 0) | (0x80 >> (x & 7)); // 1 is white
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, size);
  view.setUint32(4, size);
  header[8] = 1; // one bit a pixel, greyscale
  const parts = [SIGNATURE, chunk("IHDR", header), chunk("IDAT", await deflated(pixels)), chunk("IEND", EMPTY)];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const EMPTY = new Uint8Array();

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Length, name, bytes, and the CRC-32 of name and bytes. */
function chunk(name: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes.length + 12);
  const view = new DataView(all.buffer);
  view.setUint32(0, bytes.length);
  all.set(new TextEncoder().encode(name), 4);
  all.set(bytes, 8);
  view.setUint32(bytes.length + 8, crc32(all.subarray(4, bytes.length + 8)));
  return all;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
