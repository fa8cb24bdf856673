import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import type { Route } from "../../http/operation.ts";
import type { ChangeRequestView } from "./contract.ts";

/** What a change is about, as it is now. */
export interface Subject {
  /** Null: the change makes it. */
  readonly id: string | null;
  /** The merchant whose operators are told and decide. */
  readonly merchantId: string;
  /** Whether only the scope `platform` may decide: the change concerns more than the proposer's own merchant. */
  readonly needsPlatform: boolean;
  /** As the API shows it, without secrets. Null: the change makes it. */
  readonly view: Readonly<Record<string, unknown>> | null;
  /** What must be the same when the change is applied; otherwise it is stale. */
  readonly basis: string;
  /** Statement: aborts the batch if the subject is not as it was read. */
  readonly guard: Statement | null;
  /** What the change does, for a person. */
  readonly summary: string;
  /** The names of the secrets that it sets or removes. */
  readonly secrets: readonly string[];
}

/** A kind of change that is proposed first, and the operation that makes it. */
export interface ChangeKind {
  readonly name: ChangeRequestView["kind"];
  readonly route: Route;
  /** Whether this request must be proposed. */
  isProtected(input: unknown): boolean;
  /** Reads what the request is about. Errors: those of the operation. */
  subject(ctx: Context, input: unknown): Promise<Subject>;
}

/** Kinds by the id of their operation. */
export type ChangeKinds = ReadonlyMap<string, ChangeKind>;

/** Statement: aborts the batch with `conflict` unless the row still has this version. */
export const abortUnlessAt = (
  table: "shortcodes" | "webhook_endpoints" | "clients" | "people",
  id: string,
  version: number,
): Statement =>
  statement(
    `INSERT INTO guards (failed) SELECT 'conflict' WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE id = ? AND version = ?)`,
    id,
    version,
  );
