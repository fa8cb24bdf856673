import { type Document, resolve, type Schema } from "../http/openapi/types.ts";

/** `sent`: a schema of requests. `got`: a schema of answers. */
export type Side = "sent" | "got";

/** Whose references are looked up where: `from` for what may come, `to` for what must take it. */
export interface Comparison {
  readonly side: Side;
  readonly from: Document;
  readonly to: Document;
}

/**
 * Why `to` does not take everything that `from` allows, in words. For what a client sends, `from` is the older schema; for
 * what it gets, `from` is the newer one. In what it gets, values and limits may change: clients let pass what they do not
 * know (docs/versioning.md). `seen` holds the pairs of references above this one, where objects hold each other.
 */
export function findIncompatibilities(
  c: Comparison,
  from: Schema,
  to: Schema,
  at: string,
  seen: ReadonlySet<string>,
): string[] {
  const pair = `${from.$ref ?? ""} ${to.$ref ?? ""}`;
  if (from.$ref !== undefined && seen.has(pair)) return [];
  const deeper = new Set([...seen, pair]);
  const takers = choicesOf(c.to, to);
  return choicesOf(c.from, from).flatMap((choice) => {
    const fitting = takers.filter((taker) => fits(choice.type, taker.type));
    const reasons = fitting.map((taker) => compareChoices(c, choice, taker, at, deeper));
    return reasons.sort((a, b) => a.length - b.length)[0] ?? [wrongType(c.side, choice, at)];
  });
}

/** One of the shapes that a value may have, with all that `allOf` adds. */
interface Choice {
  /** Absent: any type. */
  readonly type?: string | undefined;
  /** The allowed values. Absent: any value. */
  readonly values?: readonly unknown[] | undefined;
  readonly parts: readonly Schema[];
}

/** The shapes behind references, `anyOf`, `oneOf`, `allOf` and lists of types. */
function choicesOf(document: Document, schema: Schema): Choice[] {
  const { anyOf, oneOf, allOf, ...own } = resolve<Schema>(document, schema);
  let found = choicesByType(own);
  for (const all of [anyOf ?? oneOf, ...(allOf ?? []).map((part) => [part])]) {
    const more = all?.flatMap((part) => choicesOf(document, part));
    if (more !== undefined) found = found.flatMap((a) => more.flatMap((b) => intersect(a, b) ?? []));
  }
  return found;
}

function choicesByType(schema: Schema): Choice[] {
  const values = schema.const === undefined ? schema.enum : [schema.const];
  const types = schema.type === undefined ? [...new Set((values ?? []).map(typeOf))] : [schema.type].flat();
  if (types.length === 0) return [{ parts: [schema] }];
  return types.map((type) => ({
    type,
    values: values?.filter((value) => typeOf(value) === (type === "integer" ? "number" : type)),
    parts: [schema],
  }));
}

const typeOf = (value: unknown): string => value === null ? "null" : typeof value;

/** The values that fit both choices. Null: there are none. */
function intersect(a: Choice, b: Choice): Choice | null {
  if (a.type !== undefined && b.type !== undefined && a.type !== b.type) return null;
  const values = a.values === undefined ? b.values : a.values.filter((value) => b.values?.includes(value) ?? true);
  return { type: a.type ?? b.type, values, parts: [...a.parts, ...b.parts] };
}

const fits = (from: string | undefined, to: string | undefined): boolean =>
  to === undefined || from === to || (from === "integer" && to === "number");

function wrongType(side: Side, { type = "anything" }: Choice, at: string): string {
  return side === "sent" ? `${at || "the body"} may be ${type} no longer` : `${at || "the answer"} may be ${type} now`;
}

function compareChoices(c: Comparison, from: Choice, to: Choice, at: string, seen: ReadonlySet<string>): string[] {
  const name = at || (c.side === "sent" ? "the body" : "the answer");
  const [formats, wanted] = [from, to].map(({ parts }) => parts.flatMap(({ format }) => format ?? []));
  const lost = wanted?.filter((format) => !formats?.includes(format)) ?? [];
  return [
    ...lost.map((format) => c.side === "sent" ? `${name} must be a ${format} now` : `${name} is no ${format} any more`),
    ...(c.side === "sent" ? narrowed(from, to, name) : []),
    ...compareParts(c, from, to, at, seen),
  ];
}

/** Values, patterns and limits that are no longer allowed. */
function narrowed(from: Choice, to: Choice, name: string): string[] {
  const values = to.values === undefined
    ? []
    : (from.values ?? ["any other value"]).filter((v) => !to.values?.includes(v));
  const all = ({ parts }: Choice, key: "pattern" | "multipleOf") => parts.flatMap((part) => part[key] ?? []);
  const added = (key: "pattern" | "multipleOf") => all(to, key).some((one) => !all(from, key).includes(one));
  const most = ({ parts }: Choice, key: typeof UPPER_LIMITS[number]) =>
    Math.min(...parts.map((part) => part[key] ?? Infinity));
  const least = ({ parts }: Choice, key: typeof LOWER_LIMITS[number]) =>
    Math.max(...parts.map((part) => part[key] ?? -Infinity));
  return [
    ...values.map((value) => `${name} may be ${value} no longer`),
    ...(added("pattern") ? [`${name} has another pattern`] : []),
    ...(added("multipleOf") ? [`${name}: multipleOf is another`] : []),
    ...UPPER_LIMITS.filter((key) => most(to, key) < most(from, key)).map((key) => `${name}: ${key} is smaller`),
    ...LOWER_LIMITS.filter((key) => least(to, key) > least(from, key)).map((key) => `${name}: ${key} is larger`),
  ];
}

const UPPER_LIMITS = ["maxLength", "maximum", "exclusiveMaximum", "maxItems"] as const;
const LOWER_LIMITS = ["minLength", "minimum", "exclusiveMinimum", "minItems"] as const;

/** Compares the items, keys, values and fields of two choices. */
function compareParts(c: Comparison, from: Choice, to: Choice, at: string, seen: ReadonlySet<string>): string[] {
  const inner = (pick: (part: Schema) => Schema | undefined, place: string): string[] => {
    const [a, b] = [from, to].map(({ parts }) => merged(parts.flatMap((part) => pick(part) ?? [])));
    return a === undefined || b === undefined ? [] : findIncompatibilities(c, a, b, place, seen);
  };
  const place = (field: string) => at === "" ? field : `${at}.${field}`;
  const others = ({ additionalProperties: rest }: Schema) => typeof rest === "object" ? rest : undefined;
  return [
    ...inner(({ items }) => items, `${at}[]`),
    ...inner(({ propertyNames }) => propertyNames, place("(keys)")),
    ...inner(others, place("(values)")),
    ...missing(c.side, from, to).map(([field, what]) => `${place(field)} ${what}`),
    ...fieldsOf(from).filter((field) => fieldsOf(to).includes(field))
      .flatMap((field) => inner(({ properties }) => properties?.[field], place(field))),
  ];
}

const merged = (schemas: readonly Schema[]): Schema | undefined => schemas.length > 1 ? { allOf: schemas } : schemas[0];
const fieldsOf = (
  { parts }: Choice,
): string[] => [...new Set(parts.flatMap((part) => Object.keys(part.properties ?? {})))];

/** Fields that one of the two has or requires, and the other does not. */
function missing(side: Side, from: Choice, to: Choice): [field: string, what: string][] {
  const required = (choice: Choice) => new Set(choice.parts.flatMap((part) => part.required ?? []));
  const [had, needed] = [required(from), required(to)];
  const uncertain = [...needed].filter((field) => !had.has(field));
  if (side === "sent") {
    const closed = to.parts.some(({ additionalProperties }) => additionalProperties === false);
    const gone = closed ? fieldsOf(from).filter((field) => !fieldsOf(to).includes(field)) : [];
    return [
      ...uncertain.map((f) => [f, "is required now"] as [string, string]),
      ...gone.map((f) => [f, "is taken no longer"] as [string, string]),
    ];
  }
  const gone = fieldsOf(to).filter((field) => !fieldsOf(from).includes(field));
  return [
    ...gone.map((field) => [field, "is gone"] as [string, string]),
    ...uncertain.filter((field) => !gone.includes(field)).map((field) =>
      [field, "may be missing now"] as [string, string]
    ),
  ];
}
