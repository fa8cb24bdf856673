import { z } from "zod";
import type { Context } from "../context/context.ts";
import type { Scope } from "../auth/scopes.ts";
import type { ProblemCode } from "../problems/problem.ts";
import type { RawJson } from "./respond.ts";

/** An operation that will be removed: deprecated since when, removed when, and where this is explained. */
export interface Deprecation {
  /** RFC 3339 dates, such as `2027-01-31`. */
  readonly since: string;
  readonly sunset?: string;
  /** An absolute URL, or a path of ours. */
  readonly link?: string;
}

/** Examples in the document, by a short name. Without them the document builds one from the examples of the fields. */
export type Examples = Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;

type Shape = z.ZodType | undefined;
type OutputOf<S extends Shape> = S extends z.ZodType ? z.output<S> : unknown;

/** The contract of one operation. The validators and the OpenAPI document are both made from it. */
export interface Operation<
  P extends Shape = Shape,
  Q extends Shape = Shape,
  B extends Shape = Shape,
  R extends z.ZodType = z.ZodType,
> {
  readonly id: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Parameters stand in braces, as in OpenAPI. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope;
  /** A scope that does as well. */
  readonly orScope?: Scope;
  /** A token of any scope does: for what every client of the merchant may know. */
  readonly anyScope?: true;
  /**
   * Whose rows it may touch. `own`: those of the caller's merchant. `platform`: also others', if the token has the scope
   * `platform`; such a token passes for `operator` here.
   */
  readonly reach: "own" | "platform";
  readonly params?: P;
  readonly query?: Q;
  /** An operation without one takes no field in a body: `{}` or nothing. */
  readonly body?: B;
  /** The body may be left out, as if it were `{}`. */
  readonly bodyOptional?: true;
  /** The schema of the body in the document, if the operation checks parts of it itself. */
  readonly documentedBody?: z.ZodType;
  /** The answer's `data` may also be asked for as CSV, though it is no list with pages. */
  readonly rowsAsCsv?: boolean;
  /** The body may also be a CSV file. The operation gets its text as `csv`. */
  readonly csv?: { readonly description: string; readonly example: string };
  /** The body may also be a file of one of these media types. The operation gets its bytes as `file`. */
  readonly files?: Readonly<Record<string, { readonly description: string; readonly example?: string }>>;
  readonly status: 200 | 201 | 202;
  readonly response: R;
  /** The answer, with 202, where the change waits for a second person. */
  readonly proposal?: z.ZodType;
  /** The problems of this operation, besides those that every operation may answer. */
  readonly problems: readonly ProblemCode[];
  /** On POST: whether an Idempotency-Key is required. */
  readonly idempotency?: "required" | "accepted";
  /** Look the Idempotency-Key up before the operation runs. It costs a read, and is worth it for heavy operations. */
  readonly replayBeforeRun?: true;
  /** Whether a client may have to sign the request (RFC 9421). */
  readonly signed?: true;
  /** The largest body, in bytes. Default: 64 KiB. */
  readonly bodyLimit?: number;
  readonly examples?: { readonly request?: Examples; readonly response?: Examples };
  /** If set, answers carry `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link, and the document marks the operation. */
  readonly deprecated?: Deprecation;
}

export type Input<O> = O extends Operation<infer P, infer Q, infer B> ? OutputOf<P> & OutputOf<Q> & OutputOf<B> : never;
export type Output<O> = O extends Operation<Shape, Shape, Shape, infer R> ? z.input<R> : never;

/** An answer that says that nothing has changed yet: it waits for a second person (202). */
export class Proposal {
  constructor(readonly view: unknown) {}
}

/** Declares a contract, with its types inferred. */
export const operation = <P extends Shape, Q extends Shape, B extends Shape, R extends z.ZodType>(
  contract: Operation<P, Q, B, R>,
): Operation<P, Q, B, R> => contract;

/** A contract with the function that implements it. */
export interface Route {
  readonly operation: Operation;
  run(ctx: Context, input: unknown): Promise<unknown>;
  /** Answers a repeated request if the first process died after it had stored the change and before it had answered. */
  resume?(ctx: Context, id: string): Promise<unknown>;
}

export function route<P extends Shape, Q extends Shape, B extends Shape, R extends z.ZodType>(
  contract: Operation<P, Q, B, R>,
  verb: (ctx: Context, input: OutputOf<P> & OutputOf<Q> & OutputOf<B>) => Promise<z.input<R> | RawJson>,
  resume?: (ctx: Context, input: { id: string }) => Promise<z.input<R>>,
): Route {
  return {
    operation: contract as unknown as Operation, // the table of routes holds contracts of all types
    run: (ctx, input) => verb(ctx, input as OutputOf<P> & OutputOf<Q> & OutputOf<B>),
    ...(resume === undefined ? {} : { resume: (ctx: Context, id: string) => resume(ctx, { id }) }),
  };
}

export const idParam = z.object({ id: z.string().max(64) });
