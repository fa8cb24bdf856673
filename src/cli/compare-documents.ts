import { type ApiOperation, type Document, type Parameter, resolve, type Schema } from "../http/document/types.ts";

/**
 * What of the newer document breaks a program written for the older one, in words; empty where nothing does.
 *
 * What a client sends may be asked less of, never more: a removed call, parameter or field, a newly required one, a
 * narrower type, enum or limit breaks. What a client gets may grow, never shrink or change its type: a removed or no
 * longer certain field breaks; a new field, status or enum value does not, since clients let pass what they don't know
 * (docs/versioning.md).
 */
export function breaks(older: Document, newer: Document): string[] {
  const found: string[] = [];
  for (const [path, item] of Object.entries(older.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const name = `${method.toUpperCase()} ${path}`;
      const now = newer.paths[path]?.[method];
      if (now === undefined) found.push(`${name} is gone`);
      else found.push(...operationBreaks({ older, newer }, operation, now).map((text) => `${name}: ${text}`));
    }
  }
  for (const type of Object.keys(older.webhooks)) {
    if (newer.webhooks[type] === undefined) found.push(`the event type ${type} is gone`);
  }
  return found;
}

interface Pair {
  readonly older: Document;
  readonly newer: Document;
}

function operationBreaks(pair: Pair, was: ApiOperation, is: ApiOperation): string[] {
  return [
    ...(was.operationId === is.operationId ? [] : [`its id was ${was.operationId} and is ${is.operationId}`]),
    ...scopeBreaks(was, is),
    ...parameterBreaks(pair, was, is),
    ...bodyBreaks(pair, was, is),
    ...answerBreaks(pair, was, is),
  ];
}

function scopeBreaks(was: ApiOperation, is: ApiOperation): string[] {
  const scopes = ({ security }: ApiOperation) => (security ?? []).flatMap(({ oauth }) => oauth ?? []);
  const more = scopes(is).filter((scope) => !scopes(was).includes(scope));
  return more.map((scope) => `it needs the scope ${scope} now`);
}

function parameterBreaks({ older, newer }: Pair, was: ApiOperation, is: ApiOperation): string[] {
  const before = (was.parameters ?? []).map((p) => resolve<Parameter>(older, p));
  const after = (is.parameters ?? []).map((p) => resolve<Parameter>(newer, p));
  const same = (a: Parameter) => (b: Parameter) => a.name === b.name && a.in === b.in;
  return [
    ...before.flatMap((old) => {
      const now = after.find(same(old));
      if (now === undefined) return [`the parameter ${old.name} is gone`];
      if (now.required === true && old.required !== true) return [`the parameter ${old.name} is required now`];
      return narrowed({ older, newer }, old.schema, now.schema, old.name);
    }),
    ...after.filter((now) => now.required === true && !before.some(same(now)))
      .map(({ name }) => `the parameter ${name} is new and required`),
  ];
}

function bodyBreaks(pair: Pair, was: ApiOperation, is: ApiOperation): string[] {
  const found: string[] = [];
  if (was.requestBody === undefined) return is.requestBody?.required === true ? ["a body is required now"] : [];
  for (const [type, { schema }] of Object.entries(was.requestBody.content)) {
    const now = is.requestBody?.content[type];
    if (now === undefined) found.push(`a body of ${type} is taken no longer`);
    else found.push(...narrowed(pair, schema, now.schema, ""));
  }
  return found;
}

function answerBreaks(pair: Pair, was: ApiOperation, is: ApiOperation): string[] {
  const found: string[] = [];
  for (const [status, answer] of Object.entries(was.responses)) {
    if (!status.startsWith("2") || "$ref" in answer) continue;
    const now = is.responses[status];
    if (now === undefined || "$ref" in now) {
      found.push(`it answers ${status} no longer`);
      continue;
    }
    for (const [type, { schema }] of Object.entries(answer.content ?? {})) {
      const media = now.content?.[type];
      if (media === undefined) found.push(`it answers ${type} no longer`);
      else found.push(...shrunk(pair, schema, media.schema, "", new Set()));
    }
  }
  return found;
}

/** What a request may hold no longer, or must hold now. */
function narrowed(pair: Pair, was: Schema, is: Schema, at: string): string[] {
  const [a, b] = [resolve<Schema>(pair.older, was), resolve<Schema>(pair.newer, is)];
  const name = at === "" ? "the body" : at;
  const [before, after] = [typesOf(a), typesOf(b)];
  const lost = before.filter((type) => !after.includes(type) && !(type === "integer" && after.includes("number")));
  if (lost.length > 0 && after.length > 0) return [`${name} may be ${lost.join(" or ")} no longer`];
  const found: string[] = [];
  const values = valuesOf(b);
  if (values !== null) {
    const gone = (valuesOf(a) ?? ["any other value"]).filter((value) => !values.includes(value));
    found.push(...gone.map((value) => `${name} may be ${value} no longer`));
  }
  if (b.pattern !== undefined && b.pattern !== a.pattern) found.push(`${name} has another pattern`);
  for (const limit of UPPER) {
    if (limitOf(b, limit, Infinity) < limitOf(a, limit, Infinity)) found.push(`${name}: ${limit} is smaller`);
  }
  for (const limit of LOWER) {
    if (limitOf(b, limit, -Infinity) > limitOf(a, limit, -Infinity)) found.push(`${name}: ${limit} is larger`);
  }
  if (b.multipleOf !== undefined && b.multipleOf !== a.multipleOf) found.push(`${name}: multipleOf is another`);
  if (a.items !== undefined && b.items !== undefined) found.push(...narrowed(pair, a.items, b.items, `${at}[]`));
  return [...found, ...fieldsNarrowed(pair, a, b, at)];
}

function fieldsNarrowed(pair: Pair, a: Schema, b: Schema, at: string): string[] {
  const [before, after] = [a.properties ?? {}, b.properties ?? {}];
  const place = (name: string) => at === "" ? name : `${at}.${name}`;
  const found = (b.required ?? []).filter((name) => !(a.required ?? []).includes(name))
    .map((name) => `${place(name)} is required now`);
  for (const [name, schema] of Object.entries(before)) {
    const now = after[name];
    if (now !== undefined) found.push(...narrowed(pair, schema, now, place(name)));
    else if (b.additionalProperties === false) found.push(`${place(name)} is taken no longer`);
  }
  return found;
}

const UPPER = ["maxLength", "maximum", "exclusiveMaximum", "maxItems"] as const;
const LOWER = ["minLength", "minimum", "exclusiveMinimum", "minItems"] as const;

const limitOf = (schema: Schema, name: typeof UPPER[number] | typeof LOWER[number], none: number): number =>
  schema[name] ?? none;

/** What an answer holds no longer, or not for certain. `seen` ends the walk where objects hold each other. */
function shrunk(pair: Pair, was: Schema, is: Schema, at: string, seen: ReadonlySet<string>): string[] {
  const link = `${was.$ref ?? ""} ${is.$ref ?? ""}`;
  if (was.$ref !== undefined && seen.has(link)) return [];
  const deeper = new Set([...seen, link]);
  const [a, b] = [resolve<Schema>(pair.older, was), resolve<Schema>(pair.newer, is)];
  const name = at === "" ? "the answer" : at;
  const [before, after] = [typesOf(a), typesOf(b)];
  const other = after.filter((type) => !before.includes(type) && !(type === "integer" && before.includes("number")));
  if (other.length > 0 && before.length > 0) return [`${name} may be ${other.join(" or ")} now`];
  const found: string[] = [];
  if (a.format !== b.format && a.format !== undefined) found.push(`${name} is no ${a.format} any more`);
  const [left, right] = [bare(a), bare(b)];
  if (left.items !== undefined && right.items !== undefined) {
    found.push(...shrunk(pair, left.items, right.items, `${at}[]`, deeper));
  }
  if (left.$ref !== undefined && right.$ref !== undefined) found.push(...shrunk(pair, left, right, at, deeper));
  for (const [field, schema] of Object.entries(left.properties ?? {})) {
    const place = at === "" ? field : `${at}.${field}`;
    const now = right.properties?.[field];
    if (now === undefined) found.push(`${place} is gone`);
    else {
      const certain = (schema: Schema) => schema.required?.includes(field) ?? false;
      if (certain(left) && !certain(right)) found.push(`${place} may be missing now`);
      found.push(...shrunk(pair, schema, now, place, deeper));
    }
  }
  return found;
}

/** A schema without its null. */
const bare = (schema: Schema): Schema => {
  const choices = (schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== "null");
  return choices.length === 1 && choices[0] !== undefined ? choices[0] : schema;
};

/** Types a value may have; empty where anything goes. A reference counts as an object. */
function typesOf(schema: Schema): string[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.flatMap(typesOf))];
  if (schema.$ref !== undefined) return ["object"];
  if (schema.const !== undefined) return [schema.const === null ? "null" : typeof schema.const];
  return [schema.type ?? []].flat();
}

/** The values a value is limited to; null where it is not. */
function valuesOf(schema: Schema): unknown[] | null {
  if (schema.const !== undefined) return [schema.const];
  return schema.enum === undefined ? null : [...schema.enum];
}
