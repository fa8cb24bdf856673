import type { Hono } from "hono";
import type { AppServices } from "../../../src/app/services.ts";
import type { Env } from "../../../src/http/env.ts";
import type { KeyValue, Outbound } from "../../../src/platform/ports.ts";
import type { Faults } from "../faults.ts";
import type { Daraja } from "../outside/daraja.ts";
import type { Owner, Scheduler } from "../scheduler.ts";
import { createDatabase, type Store } from "./database.ts";
import { type Before, createCron, createKeyValue, createQueue } from "./ports.ts";
import type { Deployment } from "./fleet.ts";
import type * as Release from "./release.ts";

/** What all processes share. */
export interface Surroundings {
  readonly migrations: readonly string[];
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly store: Store;
  readonly keyValue: KeyValue;
  readonly keyValueBefore: Before;
  readonly daraja: Daraja;
  readonly outboundOf: (owner: Owner, release: typeof Release) => Outbound;
  readonly log: (level: string, event: string, fields: Readonly<Record<string, unknown>>) => void;
}

const SWEEP_MS = 60_000;

/** One process of the service: all that it has in memory. */
export class Process {
  readonly #pending = new Set<() => void>();
  private constructor(
    readonly owner: Owner,
    readonly services: AppServices,
    readonly app: Hono<Env>,
    readonly around: Surroundings,
  ) {}

  /** Starts a process; to be called in a step of `owner`. */
  static async start(around: Surroundings, owner: Owner, { release, config }: Deployment): Promise<Process> {
    const { scheduler, faults } = around;
    const clock = { now: () => Math.floor(scheduler.time + owner.aheadMs) };
    const db = createDatabase(release, around.store, scheduler, owner, faults);
    const kv = createKeyValue(around.keyValue, around.keyValueBefore, scheduler, owner, faults);
    const services = await release.createServices({
      config,
      clock,
      db,
      kv,
      queue: createQueue(scheduler, owner, faults),
      log: { write: (level, event, fields = {}) => around.log(level, event, fields) },
      fetch: around.daraja.fetchOf(owner),
      aead: release.createDenoAead,
      outbound: around.outboundOf(owner, release),
    });
    const tokens = await release.createTokens({ keys: config.keys.signing, issuer: config.server.publicUrl, clock });
    const health = { db, migrations: around.migrations, isAccepting: () => true };
    const app = release.createApp({ services, tokens, kv, health });
    services.jobs.start(release.jobHandlers(services));
    createCron(scheduler, owner, faults).every("sweep", SWEEP_MS, () => release.sweep(services, kv));
    void release.sweep(services, kv);
    return new Process(owner, services, app, around);
  }

  /** Sends it a request. The answer is null when the process dies meanwhile. */
  answer(request: Request): Promise<Response | null> {
    return new Promise((resolve) => {
      const cut = () => resolve(null);
      this.#pending.add(cut);
      void this.#handle(request).then((answer) => {
        this.#pending.delete(cut);
        resolve(answer);
      });
    });
  }

  /** Whether it still owes answers. */
  get isBusy(): boolean {
    return this.#pending.size > 0;
  }

  async #handle(request: Request): Promise<Response> {
    const answer = await this.app.fetch(request, { peer: "127.0.0.1" });
    const { status, headers } = answer;
    return new Response(await answer.arrayBuffer(), { status, headers });
  }

  /** Its memory is gone. Whoever waits for an answer learns that none will come. */
  die(): void {
    const { scheduler } = this.around;
    this.owner.isAlive = false;
    scheduler.drop(this.owner);
    for (const cut of this.#pending) scheduler.add(1, scheduler.world, `${this.owner.name} hangs up`, cut);
    this.#pending.clear();
  }
}
