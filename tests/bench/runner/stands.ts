import { loadConfig } from "../../../src/config/config.ts";
import { type Capabilities, type CapabilityKind, createCapabilities } from "../../../src/crypto/capability.ts";
import type { Database } from "../../../src/db/database.ts";
import { openDatabase } from "../../../src/db/open.ts";
import type { DatabaseKind } from "../../support/database.ts";
import { type Stand, startStand } from "../stand.ts";
import { usageOf } from "../usage.ts";
import { tokenCall } from "./bodies.ts";
import { type Call, type Tape, writeTape } from "./tape.ts";

/** What is measured: the product, or the floor beside it. */
export type Subject = "product" | "floor";

/** Where it runs. */
export interface Place {
  readonly name: "file" | "sqld" | "sqld x2";
  readonly database: DatabaseKind;
  readonly processes: number;
}

export interface BenchOptions {
  readonly subject: Subject;
  readonly place: Place;
  readonly env?: Readonly<Record<string, string>>;
  /** What stands for Daraja instead of the simulator. */
  readonly simulator?: URL;
}

/** No callback comes and no poll falls due while a stand runs, unless a case asks for it. */
const quiet = { SIMULATOR_CALLBACK_DELAY_MS: "3600000", PLAN_SCALE: "100" };

/** A stand of the product or of the floor, ready to be loaded. */
export class Bench {
  #tapes = 0;
  private constructor(
    readonly subject: Subject,
    readonly place: Place,
    readonly stand: Stand,
    readonly db: Database,
    readonly tokens: readonly string[],
    readonly capabilities: Capabilities,
    readonly kv: string,
  ) {}

  static async start({ subject, place, env, simulator }: BenchOptions): Promise<Bench> {
    const kv = await Deno.makeTempDir({ prefix: "malipo-kv-" });
    const stand = await startStand({
      database: place.database,
      processes: place.processes,
      // processes of one deployment share it, as docs/operations.md asks
      env: { ...quiet, KV_PATH: `${kv}/kv.db`, ...env },
      ...(subject === "floor" ? { script: new URL("../floor.ts", import.meta.url) } : {}),
      ...(simulator === undefined ? {} : { simulator }),
    });
    try {
      const tokens = await Promise.all(stand.apis.map(({ url }) => tokenFrom(url)));
      const loaded = loadConfig({ APP_ENV: "test" }, "start");
      if (!loaded.ok) throw new Error("a test needs no settings");
      const capabilities = await createCapabilities(loaded.config.keys.callback);
      const db = await openDatabase(stand.databaseUrl);
      return new Bench(subject, place, stand, db, tokens, capabilities, kv);
    } catch (error) {
      await stand.stop();
      throw error;
    }
  }

  /** Its processes' addresses. */
  get urls(): readonly string[] {
    return this.stand.apis.map(({ url }) => url);
  }

  token(api: number): string {
    return this.tokens[api] ?? "";
  }

  /** Where Daraja would post what concerns a row. The floor asks for no proof. */
  noticePath(kind: CapabilityKind, id: string): string {
    return `/notify/${this.subject === "floor" ? `${kind}.${id}` : this.capabilities.mint(kind, id)}`;
  }

  /** A tape of requests for one of its processes. */
  tape(api: number, calls: readonly Call[], again: boolean): Promise<Tape> {
    return writeTape(`${this.stand.folder}/${this.#tapes++}.tape`, this.urls[api] ?? "", calls, again);
  }

  /** CPU that its processes have used so far, ms, and what they hold, all together. */
  async used(): Promise<{ readonly cpuMs: number; readonly residentMiB: number }> {
    const all = await Promise.all(this.stand.apis.map(({ process }) => usageOf(process.pid)));
    return {
      cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      residentMiB: all.reduce((sum, { residentMiB }) => sum + residentMiB, 0),
    };
  }

  /** The first value of a query's first row, as a number. */
  async number(sql: string): Promise<number> {
    const [found] = await this.db.read([{ sql, args: [] }]);
    return Number(found?.rows[0]?.[0] ?? 0);
  }

  async stop(): Promise<void> {
    await this.db.close();
    await this.stand.stop();
    await Deno.remove(this.kv, { recursive: true });
  }
}

async function tokenFrom(url: string): Promise<string> {
  const { path, headers = {}, body = "" } = tokenCall();
  const response = await fetch(url + path, { method: "POST", headers, body });
  const { access_token } = await response.json();
  return access_token;
}
