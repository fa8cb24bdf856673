import type { Statement, Value } from "../../../src/db/database.ts";

export type Row = readonly Value[];

/** The floor's way to the database: no grouping, no retries, no checks. */
export interface Store {
  /** Reads in one transaction. */
  read(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>;
  /** One transaction of its own, durable when it resolves; commits go one at a time, in the order they came. */
  commit(statements: readonly Statement[]): Promise<void>;
  close(): void;
}

/** Opens the store that a URL names, each by the driver that the product uses for it. */
export async function openStore(url: string): Promise<Store> {
  if (url.startsWith("file:")) return (await import("./file.ts")).openFile(url.slice("file:".length));
  return (await import("./server.ts")).openServer(url);
}
