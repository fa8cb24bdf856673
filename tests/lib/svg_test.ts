import assert from "node:assert/strict";
import fc from "fast-check";
import { cleanSvg } from "../../src/lib/svg.ts";

const BOX = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"';
const clean = (inside: string, root = BOX): string => {
  const cleaned = cleanSvg(`<svg ${root}>${inside}</svg>`);
  assert.ok(cleaned.ok, JSON.stringify(cleaned));
  return cleaned.svg;
};
const DOT = '<circle cx="4" cy="4" r="4"/>';
const OPEN = `<svg ${BOX}>`;

Deno.test("shapes, groups, gradients and their attributes stay, in our own spelling", () => {
  const svg = clean(
    "<!-- made by hand --><defs><linearGradient id='a' x1='0' gradientTransform='rotate(45)'>" +
      "<stop offset='0' stop-color='#0b7a3b'/></linearGradient></defs><g fill='url(#a)'><path d='M0 0L8,8z'/></g>",
  );
  assert.equal(
    svg,
    `${OPEN}<defs><linearGradient id="a" x1="0" gradientTransform="rotate(45)"><stop offset="0" stop-color="#0b7a3b">` +
      `</stop></linearGradient></defs><g fill="url(#a)"><path d="M0 0L8,8z"></path></g></svg>`,
  );
});

Deno.test("declarations of a style become attributes, and a size becomes a viewBox", () => {
  assert.match(
    clean(`<rect width="8" height="8" style="fill:#f00; position:fixed; stroke : none"/>`),
    /fill="#f00" stroke="none"/,
  );
  assert.match(clean(DOT, `width="40px" height="20"`), /^<svg xmlns="[^"]+" viewBox="0 0 40 20">/);
});

const bad: readonly (readonly [name: string, inside: string])[] = [
  ["a script", "<script>alert(1)</script>"],
  ["a handler", `<rect onload="alert(1)" onclick="x()"/>`],
  ["a style element", "<style>*{background:url(//evil)}</style>"],
  [
    "a foreign object",
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><img src=x onerror=x/></body></foreignObject>"
      .replace("src=x onerror=x", "src='x' onerror='x'"),
  ],
  ["a link", `<a href="javascript:alert(1)">${DOT}</a>`],
  ["an image", `<image href="https://evil.example/x.png"/>`],
  ["a use of something outside", `<use href="https://evil.example/x.svg#a"/>`],
  [
    "an animation",
    `<animate attributeName="href" values="javascript:alert(1)"/><set attributeName="onload" to="x()"/>`,
  ],
  ["a paint from outside", `<rect fill="url(https://evil.example/#a)"/>`],
  ["a paint in another spelling", `<rect fill="URL (//evil.example)" style="fill:url(data:image/svg+xml,x)"/>`],
  ["a filter", `<filter id="f"><feImage href="//evil.example"/></filter><rect filter="url(#f)"/>`],
  [
    "a gradient from outside",
    `<linearGradient id="g" xlink:href="//evil.example#a" xmlns:xlink="http://www.w3.org/1999/xlink"/>`,
  ],
  ["a text", "<text>&lt;script&gt;</text>"],
  ["a quote in an attribute", `<rect id="a&quot; onload=&quot;x()"/>`],
  ["data in an unknown attribute", `<rect data-x="javascript:alert(1)" xml:base="//evil.example" class="a"/>`],
];

for (const [name, inside] of bad) {
  Deno.test(`${name} is dropped, and the drawing stays`, () => {
    const svg = clean(inside + DOT);
    assert.match(svg, /<circle/);
    assert.doesNotMatch(svg, /script|evil|alert|on\w+=|style|href|foreign|<a |image|use|text|data|class|&/i);
  });
}

Deno.test("what is no drawing is refused with its reason", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["", /well-formed/],
    ["<p>no</p>", /svg element/],
    ["<svg>", /well-formed/],
    [`<!DOCTYPE svg [<!ENTITY a "x">]><svg ${BOX}>&a;</svg>`, /well-formed/],
    [`<svg xmlns="http://www.w3.org/2000/svg">${DOT}</svg>`, /viewBox/],
    [`<svg viewBox="0 0 0 8">${DOT}</svg>`, /viewBox/],
    [`<svg viewBox="0 0 8">${DOT}</svg>`, /viewBox/],
    [`<svg viewBox="0 0 8 90000">${DOT}</svg>`, /viewBox/],
    [`<svg ${BOX}><text>Duka</text></svg>`, /paths/],
    [`<svg ${BOX}>${DOT.repeat(1_001)}</svg>`, /1000 elements/],
  ];
  for (const [text, reason] of cases) {
    const cleaned = cleanSvg(text);
    assert.equal(cleaned.ok, false, text);
    if (!cleaned.ok) assert.match(cleaned.reason, reason);
  }
});

Deno.test("a deep tree and any text end without an error, and what is kept has none of the marks of markup", () => {
  assert.equal(cleanSvg(`<svg ${BOX}>${"<g>".repeat(5_000)}${DOT}${"</g>".repeat(5_000)}</svg>`).ok, false);
  fc.assert(fc.property(fc.string(), fc.string(), (name, value) => {
    const cleaned = cleanSvg(`<svg ${BOX}><rect ${name}="${value}" fill="${value}"/>${DOT}</svg>`);
    if (!cleaned.ok) return;
    assert.match(
      cleaned.svg,
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"(?: [A-Za-z-]+="[^"<>&]*")*>(?:<\/?[a-zA-Z]+(?: [a-zA-Z0-9-]+="[^"<>&:]*")*>)+$/,
    );
  }));
});
