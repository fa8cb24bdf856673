// The part of the addon that is used. Its own types pull in Node's, whose globals clash with the host's.
import type { Bound } from "./bind.ts";
import type { Value } from "./database.ts";

export interface AddonStatement {
  readonly reader: boolean;
  raw(): this;
  run(args: readonly Bound[]): { readonly changes: number };
  all(args: readonly Bound[]): Value[][];
  get(args: readonly Bound[]): Value[] | undefined;
}

export default class Libsql {
  constructor(path: string, options: { readonly timeout: number });
  readonly inTransaction: boolean;
  prepare(sql: string): AddonStatement;
  exec(sql: string): void;
  close(): void;
}
