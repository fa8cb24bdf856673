// The part of @libsql/client/web that is used. Its own types pull in Node's, whose globals clash with the host's.
import type { Bound } from "./bind.ts";

export interface ResultSet {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly [index: number]: string | number | null | ArrayBuffer }[];
  readonly rowsAffected: number;
}

export interface Client {
  batch(
    statements: readonly { readonly sql: string; readonly args: readonly Bound[] }[],
    mode: "read" | "write",
  ): Promise<ResultSet[]>;
  close(): void;
}

export function createClient(config: {
  readonly url: string;
  readonly authToken?: string;
  readonly intMode: "number";
  readonly concurrency: number;
  readonly fetch: (request: Request) => Promise<Response>;
}): Client;

export class LibsqlError extends Error {
  readonly code: string;
}

export class LibsqlBatchError extends LibsqlError {
  readonly statementIndex: number;
}
