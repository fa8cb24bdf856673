import { z } from "zod";
import type { Context } from "../context/context.ts";
import type { Scope } from "../auth/scopes.ts";
import type { ProblemCode } from "../problems/problem.ts";
import type { RawJson } from "./respond.ts";

/** A call that will go away: since when it should not be used, when it ends, and where that is explained. */
export interface Deprecation {
  /** RFC 3339 dates, such as `2027-01-31`. */
  readonly since: string;
  readonly sunset?: string;
  /** An absolute URL, or a path of ours. */
  readonly link?: string;
}

/** Shown beside the schemas, by a short name; without them the document makes one of the fields' own examples. */
export type Examples = Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;

type Shape = z.ZodType | undefined;
type OutputOf<S extends Shape> = S extends z.ZodType ? z.output<S> : unknown;

/** The contract of one call: what the validators check and the OpenAPI document says. */
export interface Operation<
  P extends Shape = Shape,
  Q extends Shape = Shape,
  B extends Shape = Shape,
  R extends z.ZodType = z.ZodType,
> {
  readonly id: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** What the document says of the body, where the verb checks more of it than `body` does. */
  readonly documentedBody?: z.ZodType;
  /** The body may also be a CSV file: the verb gets its text as `csv`. */
  readonly csv?: { readonly description: string; readonly example: string };
  readonly status: 200 | 201 | 202;
  readonly response: R;
  /** Beyond what every call may answer. */
  readonly problems: readonly ProblemCode[];
  /** On POST: whether the key must be there. */
  readonly idempotency?: "required" | "accepted";
  /** Whether the work is so heavy that a repeated key is looked up before it, at the price of a read. */
  readonly replayBeforeRun?: true;
  /** Bytes; 64 KiB without it. */
  readonly bodyLimit?: number;
  readonly examples?: { readonly request?: Examples; readonly response?: Examples };
  /** Answers then carry `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link; the document marks the call. */
  readonly deprecated?: Deprecation;
}

export type Input<O> = O extends Operation<infer P, infer Q, infer B> ? OutputOf<P> & OutputOf<Q> & OutputOf<B> : never;
export type Output<O> = O extends Operation<Shape, Shape, Shape, infer R> ? z.input<R> : never;

/** Fixes the types of a contract. */
export const operation = <P extends Shape, Q extends Shape, B extends Shape, R extends z.ZodType>(
  contract: Operation<P, Q, B, R>,
): Operation<P, Q, B, R> => contract;

/** A contract and the verb that fulfils it. */
export interface Route {
  readonly operation: Operation;
  run(ctx: Context, input: unknown): Promise<unknown>;
  /** Answers a repeated request whose first run died after its change was stored. */
  resume?(ctx: Context, id: string): Promise<unknown>;
}

export function route<P extends Shape, Q extends Shape, B extends Shape, R extends z.ZodType>(
  contract: Operation<P, Q, B, R>,
  verb: (ctx: Context, input: OutputOf<P> & OutputOf<Q> & OutputOf<B>) => Promise<z.input<R> | RawJson>,
  resume?: (ctx: Context, input: { id: string }) => Promise<z.input<R>>,
): Route {
  return {
    operation: contract as unknown as Operation, // the table of routes forgets the types that mount() has just checked
    run: (ctx, input) => verb(ctx, input as OutputOf<P> & OutputOf<Q> & OutputOf<B>),
    ...(resume === undefined ? {} : { resume: (ctx: Context, id: string) => resume(ctx, { id }) }),
  };
}

export const idParam = z.object({ id: z.string().max(64) });
