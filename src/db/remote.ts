// @ts-types="./libsql-client.d.ts"
import { type Client, createClient, type ResultSet } from "@libsql/client/web";
import { bindAll, type Bound } from "./bind.ts";
import { type Database, type Result, type Statement, type Value } from "./database.ts";
import { remoteFailure } from "./remote-error.ts";
import { fetchWithin } from "./remote-fetch.ts";
import { type Batch, GroupQueue, GroupRefused, type Outcome, scanning } from "./writer.ts";

const READ_TIMEOUT_MS = 5_000;
const WRITE_TIMEOUT_MS = 10_000;
const SCAN_TIMEOUT_MS = 50_000; // shorter than the lease of a job that scans
const CONCURRENT_READS = 8;

/**
 * Opens the database of a libSQL server over HTTP. A call takes one round trip. Calls that arrive while others are under
 * way share the next round trip. A read is tried a second time when the server can't be reached; a scan or a write is not.
 */
export function openRemote(url: string, authToken?: string): Database {
  const config = { url, intMode: "number" as const, ...(authToken === undefined ? {} : { authToken }) };
  // One client each: a client limits its requests, so reads on the same client could delay writes.
  return new RemoteDatabase(
    createClient({ ...config, concurrency: scanning.lanes, fetch: fetchWithin(SCAN_TIMEOUT_MS) }),
    createClient({ ...config, concurrency: CONCURRENT_READS, fetch: fetchWithin(READ_TIMEOUT_MS) }),
    createClient({ ...config, concurrency: 1, fetch: fetchWithin(WRITE_TIMEOUT_MS) }),
  );
}

/** A statement with its arguments converted for the client. */
interface BoundStatement {
  readonly sql: string;
  readonly args: Bound[];
}

class RemoteDatabase implements Database {
  readonly #clients: readonly Client[];
  readonly #scanner: GroupQueue<BoundStatement>;
  readonly #reader: GroupQueue<BoundStatement>;
  readonly #writer: GroupQueue<BoundStatement>;

  constructor(scans: Client, reads: Client, writes: Client) {
    this.#clients = [scans, reads, writes];
    this.#scanner = new GroupQueue<BoundStatement>({
      ...scanning,
      commit: (group) => runGroup((statements) => run(scans, statements, "read"), group),
    });
    this.#reader = new GroupQueue<BoundStatement>({
      commit: (group) => runGroup((statements) => readTwice(reads, statements), group),
      soon: queueMicrotask,
      lanes: CONCURRENT_READS,
    });
    this.#writer = new GroupQueue<BoundStatement>({
      commit: (group) => runGroup((statements) => run(writes, statements, "write"), group),
      soon: queueMicrotask,
    });
  }

  async read(statements: readonly Statement[]): Promise<readonly Result[]> {
    for (const { sql } of statements) {
      // The server does not refuse writes in a read-only transaction.
      if (!/^\s*(SELECT|WITH|EXPLAIN|PRAGMA)\b/i.test(sql)) throw new TypeError("A statement of a read would write.");
    }
    const queue = statements.some(({ scan }) => scan === true) ? this.#scanner : this.#reader;
    return await queue.push(statements.map(boundOf));
  }

  async write(statements: readonly Statement[]): Promise<readonly Result[]> {
    return await this.#writer.push(statements.map(boundOf));
  }

  async close(): Promise<void> {
    await Promise.all([this.#scanner.close(), this.#reader.close(), this.#writer.close()]);
    for (const client of this.#clients) client.close();
  }
}

type Send = (statements: BoundStatement[]) => Promise<Result[]>;

// Each round trip stores all batches that are left, or finds one that fails. Its failure may depend on the batches before
// it, so its caller gets the error only when those are stored.
async function runGroup(send: Send, group: readonly Batch<BoundStatement>[]): Promise<readonly Outcome[]> {
  const outcomes: (Outcome | undefined)[] = group.map(() => undefined);
  for (;;) {
    const left = group.keys().filter((i) => outcomes[i] === undefined).toArray();
    if (left.length === 0) return outcomes.map((outcome) => outcome ?? []);
    try {
      const results = await send(left.flatMap((i) => group[i] ?? []));
      let start = 0;
      for (const i of left) outcomes[i] = results.slice(start, start += group[i]?.length ?? 0);
    } catch (thrown) {
      const { error, statement, refused } = remoteFailure(thrown);
      if (!refused) throw error;
      if (statement === null) throw new GroupRefused(error);
      outcomes[ownerOf(statement, left, group)] = error;
    }
  }
}

async function readTwice(client: Client, statements: BoundStatement[]): Promise<Result[]> {
  try {
    return await run(client, statements, "read");
  } catch (thrown) {
    if (remoteFailure(thrown).refused) throw thrown;
    return await run(client, statements, "read");
  }
}

/** The index of the batch that contains the statement with this index; `left` are the batches that were sent. */
function ownerOf(statement: number, left: readonly number[], group: readonly Batch<unknown>[]): number {
  let end = 0;
  const owner = left.find((i) => statement < (end += group[i]?.length ?? 0));
  if (owner === undefined) throw new Error("The server blamed a statement that was not sent.");
  return owner;
}

const boundOf = ({ sql, args }: Statement): BoundStatement => ({ sql, args: bindAll(args) });

async function run(client: Client, statements: BoundStatement[], mode: "read" | "write"): Promise<Result[]> {
  return (await client.batch(statements, mode)).map(resultOf);
}

function resultOf({ columns, rows, rowsAffected }: ResultSet): Result {
  return { rows: rows.map((row) => columns.map((_, i) => plain(row[i]))), changes: rowsAffected };
}

function plain(value: Value | ArrayBuffer | undefined): Value {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value ?? null;
}
