import { parseXml, XmlElement } from "@rgrove/parse-xml";

/** A cleaned drawing, or why the text is none that can be shown. */
export type CleanSvg = { readonly ok: true; readonly svg: string } | { readonly ok: false; readonly reason: string };

const MAX_ELEMENTS = 1_000;
const MAX_DEPTH = 20;
const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

const SHAPES = ["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"] as const;
const GROUPS = ["svg", "g", "defs", "linearGradient", "radialGradient", "stop", "clipPath", "mask"] as const;
const ELEMENTS: ReadonlySet<string> = new Set<string>([...SHAPES, ...GROUPS]);
const DRAWING: ReadonlySet<string> = new Set<string>(SHAPES);

/** What may stand in an attribute or in the declarations of `style`. */
const PRESENTATION: ReadonlySet<string> = new Set([
  ..."fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin".split(" "),
  ..."stroke-miterlimit stroke-dasharray stroke-dashoffset opacity stop-color stop-opacity clip-rule".split(" "),
  ..."clip-path mask color display visibility".split(" "),
]);
const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...PRESENTATION,
  ..."d x y x1 y1 x2 y2 cx cy r rx ry fx fy fr width height points transform viewBox id offset".split(" "),
  ..."gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits".split(" "),
  "preserveAspectRatio",
]);

/** Numbers, names, colours and path data; no quotes, no brackets of markup, no colon of a URL. */
const PLAIN = /^[-\w\s.,#%()+]*$/;
const LOCAL_URL = /^url\(\s*(['"]?)#([A-Za-z_][\w.-]*)\1\s*\)$/;
const LOCAL_HREF = /^#[A-Za-z_][\w.-]*$/;

/**
 * Keeps shapes, groups, gradients, clips and masks of an SVG with attributes from a list, and drops the rest: scripts,
 * event handlers, styles, texts, images, links and everything that loads something. The text is built anew from what was
 * read, so that nothing of the original's spelling remains.
 */
export function cleanSvg(text: string): CleanSvg {
  const root = rootOf(text);
  if (root === null) return refuse("must be SVG that is well-formed XML, and begins with an svg element");
  const viewBox = viewBoxOf(root.attributes);
  if (viewBox === null) return refuse("must have a viewBox, or a width and a height in pixels, up to 10000");
  const counter = { elements: 0, drawn: 0 };
  const children = childrenOf(root, 1, counter);
  if (counter.elements > MAX_ELEMENTS) return refuse(`must have at most ${MAX_ELEMENTS} elements`);
  if (counter.drawn === 0) {
    return refuse("has nothing that may be shown: paths and other shapes are. Turn texts and symbols into paths");
  }
  const attributes = attributesOf({ ...root.attributes, viewBox, id: "", width: "", height: "", x: "", y: "" });
  return { ok: true, svg: `<svg xmlns="${SVG_NAMESPACE}"${attributes}>${children}</svg>` };
}

const refuse = (reason: string): CleanSvg => ({ ok: false, reason });

function rootOf(text: string): XmlElement | null {
  try {
    const root = parseXml(text).root;
    return root !== null && localName(root.name) === "svg" ? root : null;
  } catch {
    return null; // not well-formed, or an entity that only a DTD defines
  }
}

/** The name without the prefix for SVG that some programs write. */
const localName = (name: string): string => name.startsWith("svg:") ? name.slice(4) : name;

function viewBoxOf({ viewBox, width, height }: Readonly<Record<string, string>>): string | null {
  const numbers = viewBox?.trim().split(/[\s,]+/) ?? ["0", "0", sizeOf(width), sizeOf(height)];
  const [x, y, w, h] = numbers.map((part) => part === "" ? NaN : Number(part));
  if (numbers.length !== 4 || x === undefined || y === undefined || w === undefined || h === undefined) return null;
  const isBounded = [x, y, w, h].every((number) => Math.abs(number) <= 10_000);
  return isBounded && w > 0 && h > 0 ? `${x} ${y} ${w} ${h}` : null;
}

const sizeOf = (size = ""): string => /^\s*(\d+(?:\.\d+)?)(?:px)?\s*$/.exec(size)?.[1] ?? "";

function childrenOf(parent: XmlElement, depth: number, counter: { elements: number; drawn: number }): string {
  if (depth > MAX_DEPTH) return "";
  let made = "";
  for (const child of parent.children) {
    if (!(child instanceof XmlElement)) continue;
    const name = localName(child.name);
    if (!ELEMENTS.has(name)) continue;
    if (++counter.elements > MAX_ELEMENTS) return made;
    if (DRAWING.has(name)) counter.drawn++;
    made += `<${name}${attributesOf(child.attributes)}>${childrenOf(child, depth + 1, counter)}</${name}>`;
  }
  return made;
}

function attributesOf(attributes: Readonly<Record<string, string>>): string {
  const { style = "", ...others } = attributes;
  const styled = style.split(";").map((part) => part.split(":").map((text) => text.trim()))
    .filter(([name = ""]) => PRESENTATION.has(name));
  const all = new Map([...Object.entries(others), ...styled.map(([name = "", value = ""]) => [name, value] as const)]);
  let made = "";
  for (const [name, value] of all) {
    const [key, kept] = name === "href" || name === "xlink:href"
      ? ["href", LOCAL_HREF.test(value) ? value : null]
      : [name, ATTRIBUTES.has(name) ? valueOf(value.trim()) : null];
    if (kept !== null && kept !== "") made += ` ${key}="${kept}"`;
  }
  return made;
}

/** A value that loads nothing; null for any other. */
function valueOf(value: string): string | null {
  const local = LOCAL_URL.exec(value);
  if (local !== null) return `url(#${local[2]})`;
  return PLAIN.test(value) && !/url/i.test(value) ? value : null;
}
