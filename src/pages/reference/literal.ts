/** How a language writes values. */
export interface Notation {
  readonly object: readonly [open: string, close: string];
  readonly list: readonly [open: string, close: string];
  readonly key: (name: string) => string;
  readonly text: (text: string) => string;
  readonly words: Readonly<Record<"true" | "false" | "null", string>>;
}

const words = { true: "true", false: "false", null: "null" };
const isName = /^[A-Za-z_]\w*$/;
const quoted = (text: string): string => JSON.stringify(text);

export const javascript: Notation = {
  object: ["{ ", " }"],
  list: ["[", "]"],
  key: (name) => `${isName.test(name) ? name : quoted(name)}: `,
  text: quoted,
  words,
};

export const python: Notation = {
  object: ["{", "}"],
  list: ["[", "]"],
  key: (name) => `${quoted(name)}: `,
  text: quoted,
  words: { true: "True", false: "False", null: "None" },
};

const phpText = (text: string): string => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;

export const php: Notation = {
  object: ["[", "]"],
  list: ["[", "]"],
  key: (name) => `${phpText(name)} => `,
  text: phpText,
  words,
};

const LINE = 76;

/** Writes a JSON value as source text. What fits into a line stays in one. */
export function literal(value: unknown, notation: Notation, indent = ""): string {
  if (typeof value === "string") return notation.text(value);
  if (value === null || typeof value !== "object") return notation.words[String(value) as "true"] ?? String(value);
  const isList = Array.isArray(value);
  const inner = `${indent}  `;
  const parts = isList
    ? value.map((one) => literal(one, notation, inner))
    : Object.entries(value).map(([name, one]) => `${notation.key(name)}${literal(one, notation, inner)}`);
  const [open, close] = isList ? notation.list : notation.object;
  if (parts.length === 0) return `${open.trim()}${close.trim()}`;
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length + indent.length <= LINE && !line.includes("\n")) return line;
  return `${open.trim()}\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}${close.trim()}`;
}
