// @ts-types="../../../src/db/libsql-client.d.ts"
import { createClient, LibsqlError } from "@libsql/client/web";
import type { Bound } from "../../../src/db/bind.ts";
import type { Statement, Value } from "../../../src/db/database.ts";
import type { Row, Store } from "./store.ts";

const READS_AT_ONCE = 20; // the client's own default: neither fewer nor more did better
/** The server answers SQLITE_BUSY to a writer while another writes, so more would only get in each other's way. */
const COMMITS_AT_ONCE = 1;
const LONGEST_PAUSE_MS = 20;

/**
 * A libSQL server over HTTP: a batch for each transaction, reads beside it. A commit that meets another process's is
 * sent again: nothing of it was stored.
 */
export function openServer(url: string): Store {
  const open = (concurrency: number) =>
    createClient({ url, intMode: "number", concurrency, fetch: (request) => fetch(request) });
  const [reader, writer] = [open(READS_AT_ONCE), open(COMMITS_AT_ONCE)];
  return {
    async read(statements) {
      const results = await reader.batch(statements.map(sent), "read");
      return results.map(({ columns, rows }) => rows.map((row): Row => columns.map((_, i) => plain(row[i]))));
    },
    async commit(statements) {
      const batch = statements.map(sent);
      for (let pauseMs = 1;; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        try {
          await writer.batch(batch, "write");
          return;
        } catch (error) {
          if (!(error instanceof LibsqlError) || error.code !== "SQLITE_BUSY") throw error;
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
      }
    },
    close() {
      reader.close();
      writer.close();
    },
  };
}

const sent = ({ sql, args }: Statement) => ({ sql, args: args as readonly Bound[] }); // the floor binds nothing else

const plain = (value: Value | ArrayBuffer | undefined): Value =>
  value instanceof ArrayBuffer ? new Uint8Array(value) : value ?? null;
