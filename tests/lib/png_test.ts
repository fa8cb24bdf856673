import assert from "node:assert/strict";
import { cleanPng } from "../../src/lib/png.ts";
import { chunk, png } from "../support/png.ts";

Deno.test("a picture keeps what shows it, and loses texts, places and what follows its end", () => {
  const plain = png(4, 4);
  assert.deepEqual(cleanPng(plain, 512), { ok: true, png: plain });
  const withText = png(
    4,
    4,
    [chunk("tEXt", new TextEncoder().encode("GPS\0Nairobi"))],
    new TextEncoder().encode("<script>"),
  );
  assert.deepEqual(cleanPng(withText, 512), { ok: true, png: plain });
});

Deno.test("what is no picture, is too large or is cut off is refused with its reason", () => {
  const plain = png(4, 4);
  const cases: readonly (readonly [Uint8Array<ArrayBuffer>, RegExp])[] = [
    [new Uint8Array(0), /signature/],
    [new TextEncoder().encode("GIF89a..........."), /signature/],
    [png(513, 1), /512 by 512 pixels, and is 513 by 1/],
    [png(0, 4), /0 by 4/],
    [png(4_000_000_000, 4), /4000000000/],
    [plain.slice(0, 8), /cut off/],
    [plain.slice(0, -1), /cut off/],
    [plain.slice(0, 40), /cut off/],
    [png(4, 4, [png(4, 4).slice(8, 33)]), /two headers/],
    [new Uint8Array([...plain.slice(0, 8), ...plain.slice(33)]), /header/],
  ];
  for (const [bytes, reason] of cases) {
    const cleaned = cleanPng(bytes, 512);
    assert.equal(cleaned.ok, false);
    if (!cleaned.ok) assert.match(cleaned.reason, reason);
  }
});
