import assert from "node:assert/strict";
import fc from "fast-check";
import { contrast } from "../../src/lib/colour.ts";
import { themes } from "../../src/pages/brand/theme.ts";

const hex = fc.integer({ min: 0, max: 0xffffff }).map((number) => `#${number.toString(16).padStart(6, "0")}`);

Deno.test("contrast() agrees with the examples of WCAG", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
  assert.equal(contrast("#0b7a3b", "#0b7a3b"), 1);
});

Deno.test("whatever colour a merchant chooses, buttons can be seen and texts can be read on light and dark ground", () =>
  fc.assert(fc.property(hex, (colour) => {
    const { light, dark } = themes(colour);
    for (const [theme, ...grounds] of [[light, "#f3f6f3", "#ffffff"], [dark, "#0d1310", "#161e1a"]] as const) {
      for (const ground of [...grounds, theme.tint]) {
        assert.ok(contrast(theme.green, ground) >= 3, `${colour}: a button ${theme.green} on ${ground}`);
        assert.ok(contrast(theme.deep, ground) >= 4.5, `${colour}: a link ${theme.deep} on ${ground}`);
      }
      assert.ok(contrast(theme["on-green"], theme.green) >= 4.5, `${colour}: the text of a button`);
    }
  })));

Deno.test("a colour that can be read already stays as it is", () => {
  const { light } = themes("#0b5394");
  assert.deepEqual([light.green, light.deep, light["on-green"]], ["#0b5394", "#0b5394", "#ffffff"]);
});
