import { encode } from "uqr";

/** How much of a code may be lost: about 7 % (`L`) or 15 % (`M`). */
type Correction = "L" | "M";

/**
 * A QR code as an SVG of one path, with a row of dark modules in one stroke: a third of the length of a path that draws
 * each module. `border` is the white edge in modules; scanners ask for four.
 */
export function qrSvg(text: string, { border, ecc = "L" }: { border: number; ecc?: Correction }): string {
  const { data, size } = encode(text, { border, ecc });
  let path = "";
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < size; x++) {
      if (row[x] !== true) continue;
      const from = x;
      while (row[x] === true) x++;
      path += `M${from} ${y}h${x - from}v1h-${x - from}z`;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<rect width="${size}" height="${size}" fill="#fff"/><path d="${path}"/></svg>`;
}
