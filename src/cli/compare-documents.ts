import {
  type ApiOperation,
  type ApiResponse,
  type Document,
  type Media,
  type Parameter,
  resolve,
  type Schema,
} from "../http/openapi/types.ts";
import { findIncompatibilities } from "./compare-schemas.ts";

/**
 * Describes each change in the newer document that breaks a program written for the older one. Empty: there is none.
 *
 * Requests: removing an operation, parameter or field breaks, and so does requiring a new one, or a narrower type, enum
 * or limit. Answers: removing a field, making it optional or changing its type breaks. A new field, status or enum value
 * does not, because clients ignore what they don't know (docs/versioning.md).
 */
export function findBreaks(older: Document, newer: Document): string[] {
  const found: string[] = [];
  for (const [path, item] of Object.entries(older.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const name = `${method.toUpperCase()} ${path}`;
      const now = newer.paths[path]?.[method];
      if (now === undefined) found.push(`${name} is gone`);
      else found.push(...operationBreaks({ older, newer }, operation, now).map((text) => `${name}: ${text}`));
    }
  }
  for (const [type, item] of Object.entries(older.webhooks)) {
    const now = newer.webhooks[type];
    if (now === undefined) found.push(`the event type ${type} is gone`);
    else found.push(...messageBreaks({ older, newer }, item["post"], now["post"]).map((text) => `${type}: ${text}`));
  }
  return [...found, ...errorBreaks({ older, newer })];
}

/** Compares the schemas of error answers, each once. Which status or code is sent when is not part of the contract. */
function errorBreaks({ older, newer }: Pair): string[] {
  const answers = Object.values(older.paths).flatMap((item) => Object.values(item))
    .flatMap(({ responses }) => Object.entries(responses))
    .flatMap(([status, answer]) => status.startsWith("2") ? [] : resolve<ApiResponse>(older, answer));
  const shapes = new Set(
    answers.flatMap(({ content = {} }) => Object.values(content).map(({ schema }) => schema.$ref)),
  );
  return [...shapes].flatMap((shape) => {
    if (shape === undefined) return [];
    const name = shape.slice(shape.lastIndexOf("/") + 1);
    if (newer.components.schemas[name] === undefined) return [`the error answer ${name} is gone`];
    return responseBreaks({ older, newer }, { $ref: shape }, { $ref: shape }).map((text) => `${name}: ${text}`);
  });
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
      return requestBreaks({ older, newer }, old.schema, now.schema, old.name);
    }),
    ...after.filter((now) => now.required === true && !before.some(same(now)))
      .map(({ name }) => `the parameter ${name} is new and required`),
  ];
}

function bodyBreaks(pair: Pair, was: ApiOperation, is: ApiOperation): string[] {
  const found: string[] = [];
  if (was.requestBody?.required !== true && is.requestBody?.required === true) found.push("a body is required now");
  for (const [type, { schema }] of Object.entries(was.requestBody?.content ?? {})) {
    const now = is.requestBody?.content[type];
    if (now === undefined) found.push(`a body of ${type} is taken no longer`);
    else found.push(...requestBreaks(pair, schema, now.schema, ""));
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
    found.push(...contentBreaks(pair, answer.content, now.content));
  }
  return found;
}

/** Compares the messages of events. We send them, so they are compared like answers. */
const messageBreaks = (pair: Pair, was: ApiOperation | undefined, is: ApiOperation | undefined): string[] =>
  contentBreaks(pair, was?.requestBody?.content, is?.requestBody?.content);

function contentBreaks(pair: Pair, was: Content = {}, is: Content = {}): string[] {
  return Object.entries(was).flatMap(([type, { schema }]) => {
    const media = is[type];
    return media === undefined ? [`it answers ${type} no longer`] : responseBreaks(pair, schema, media.schema);
  });
}

type Content = Readonly<Record<string, Media>>;

/** What a client was allowed to send before, and is not now. */
const requestBreaks = ({ older, newer }: Pair, was: Schema, is: Schema, at: string): string[] =>
  findIncompatibilities({ side: "sent", from: older, to: newer }, was, is, at, new Set());

/** What a client may get now, and does not expect. */
const responseBreaks = ({ older, newer }: Pair, was: Schema, is: Schema): string[] =>
  findIncompatibilities({ side: "got", from: newer, to: older }, is, was, "", new Set());
