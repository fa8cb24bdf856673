import { jobHandlers } from "../../src/app/job-handlers.ts";
import { type AppServices, createServices } from "../../src/app/services.ts";
import { sha256 } from "../../src/crypto/hash.ts";
import type { Database, Statement } from "../../src/db/database.ts";
import type { Outbound } from "../../src/platform/ports.ts";
import type { InProcess } from "../support/in-process.ts";

const claims = (statements: readonly Statement[]): boolean =>
  statements.some(({ sql }) => sql.startsWith("UPDATE jobs SET lease = ?1"));

/** A process that stops (SIGSTOP) before the nth thing that it asks of the world after its claim: read, write or call. */
export class Stall {
  #seen = 0;
  readonly #woken = Promise.withResolvers<void>();
  readonly #stopped = Promise.withResolvers<void>();
  /** What it was about to do; null while it has not stopped. */
  at: string | null = null;
  /** Resolves when it has stopped. */
  readonly stopped = this.#stopped.promise;

  constructor(readonly nth: number) {}

  wake(): void {
    this.#woken.resolve();
  }

  async before<T>(what: string, act: () => Promise<T>): Promise<T> {
    if (this.#seen++ >= this.nth) {
      this.at ??= what;
      this.#stopped.resolve();
      await this.#woken.promise;
    }
    return await act();
  }

  wrap(db: Database): Database {
    return {
      read: (statements) => this.before("read", () => db.read(statements)),
      write: (statements) =>
        claims(statements)
          ? db.write(statements)
          : this.before(`write ${statements.at(-1)?.sql.slice(0, 60)}`, () => db.write(statements)),
      close: () => db.close(),
    };
  }
}

/** Another process on the same database and key-value store, whose wake-ups never come. `stall`: where it stops. */
export async function anotherProcess(run: InProcess, outbound: Outbound, stall?: Stall): Promise<AppServices> {
  const send: typeof fetch = async (input, init) => await run.simulator.app.fetch(new Request(input, init));
  const services = await createServices({
    config: run.config,
    clock: run.time,
    db: stall?.wrap(run.db) ?? run.db,
    kv: run.kv,
    queue: { enqueue: () => Promise.resolve(), listen: () => {} },
    log: run.services.log,
    fetch: stall === undefined ? send : (input, init) => stall.before("call", () => send(input, init)),
    outbound: stall === undefined ? outbound : {
      resolve: (hostname) => stall.before("resolve", () => outbound.resolve(hostname)),
      post: (request) => stall.before("post", () => outbound.post(request)),
    },
  });
  services.jobs.start(jobHandlers(services));
  return services;
}

/** Every row of every table, as text: what two moments are compared by. */
export async function dump(run: InProcess): Promise<string[]> {
  const tables = await run.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  const lines: string[] = [];
  for (const [name] of tables) {
    for (const row of await run.sql(`SELECT * FROM ${name}`)) {
      lines.push(
        `${name} ${
          row.map((value) => value instanceof Uint8Array ? sha256(value).slice(0, 6).join("") : value).join(" | ")
        }`,
      );
    }
  }
  return lines.sort();
}
