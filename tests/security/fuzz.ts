import { resolve, type Schema } from "../../src/http/openapi/types.ts";
import type { Random } from "../simulate/host/random.ts";
import { document } from "../support/document.ts";

/* Values for requests, made from the schemas of the document, and spoilt. One seed makes the same values each time. */

const NASTY_TEXTS = [
  "",
  " ",
  "0",
  "null",
  "=1+1",
  "'; DROP TABLE payouts; --",
  "<script>alert(1)</script>",
  "\u0000",
  "\ud800",
  "\u202e\ufeff",
  "🧾".repeat(40),
  "x".repeat(5_000),
  "../../etc/passwd",
  "%00%ff",
  "2026-02-30T25:61:00Z",
  "254712345678",
  "0712 345 678",
] as const;
const NASTY_NUMBERS = [0, -1, 1, 1.5, 99, 100, 1e9, 25_000_000, Number.MAX_SAFE_INTEGER, 1e308, -0] as const;
const NASTY = [null, true, false, [], {}, [[]], { a: { b: 1 } }] as const;

const nasty = (random: Random): unknown =>
  random.pick([() => random.pick(NASTY_TEXTS), () => random.pick(NASTY_NUMBERS), () => random.pick(NASTY)])();

const MAX_DEPTH = 6;

/** A value that a schema describes, mostly. */
export function valueOf(schema: Schema, random: Random, depth = 0): unknown {
  const node = schema.$ref === undefined ? schema : resolve<Schema>(document, { $ref: schema.$ref });
  if (depth > MAX_DEPTH) return null;
  if (node.const !== undefined) return node.const;
  if (node.enum !== undefined) return random.pick(node.enum);
  const options = node.anyOf ?? node.oneOf;
  if (options !== undefined) return valueOf(random.pick(options), random, depth + 1);
  if (node.examples !== undefined && node.examples.length > 0 && random.chance(0.6)) return random.pick(node.examples);
  const type = typeof node.type === "string" ? node.type : node.type === undefined ? "" : random.pick(node.type);
  switch (type) {
    case "object":
      return objectOf(node, random, depth);
    case "array":
      return Array.from(
        { length: Math.max(node.minItems ?? 0, random.below(3)) },
        () => valueOf(node.items ?? {}, random, depth + 1),
      );
    case "integer":
    case "number": {
      const least = node.minimum ?? 0;
      return least + random.below(Math.min(node.maximum ?? 1_000_000, 1_000_000) - least + 1);
    }
    case "boolean":
      return random.chance(0.5);
    case "null":
      return null;
    default:
      return random.chance(0.7)
        ? `text ${random.below(1_000)}`.slice(0, node.maxLength ?? 20)
        : random.pick(NASTY_TEXTS);
  }
}

function objectOf(node: Schema, random: Random, depth: number): unknown {
  const properties = Object.entries(node.properties ?? {});
  const wanted = properties.filter(([name]) => (node.required ?? []).includes(name) || random.chance(0.4));
  return Object.fromEntries(wanted.map(([name, schema]) => [name, valueOf(schema, random, depth + 1)]));
}

/** The value with one part of it replaced, removed or added. */
export function spoilt(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.8)) {
    const at = random.below(value.length);
    return value.map((item, i) => i === at ? spoilt(item, random) : item);
  }
  if (typeof value === "object" && value !== null && random.chance(0.9)) {
    const entries = Object.entries(value);
    if (entries.length === 0 || random.chance(0.1)) {
      return { ...value, [String(random.pick(NASTY_TEXTS))]: nasty(random) };
    }
    const [name, part] = random.pick(entries);
    if (random.chance(0.15)) return Object.fromEntries(entries.filter(([other]) => other !== name));
    return { ...value, [name]: spoilt(part, random) };
  }
  return nasty(random);
}
