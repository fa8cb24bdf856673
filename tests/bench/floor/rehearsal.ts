import assert from "node:assert/strict";
import { openDatabase } from "../../../src/db/open.ts";
import { demoShortcodes } from "../../../src/simulator/demo.ts";
import { createSimulator, type Simulator } from "../../../src/simulator/simulator.ts";
import { answer } from "../floor.ts";
import { type Parts, prepare, type Values } from "./parts.ts";

type Read = (sql: string) => Promise<readonly (readonly unknown[])[]>;

const origin = "http://127.0.0.1:8000";
const settings = { APP_ENV: "test", DARAJA_BASE_URL: "http://127.0.0.1:8001", FLOOR_SETTLES: "1" };

/** So many turns of 10 ms without anything new are enough for what goes on between two commits, on a busy machine too. */
const QUIET_TURNS = 25;

/** The floor without a port, on a file of its own, for tests: its requests, its commits, and a simulator in memory. */
export class Rehearsal {
  commits = 0;
  /** Commits and calls that have begun so far, and those that have not ended. */
  #begun = 0;
  readonly #underWay = new Set<Promise<unknown>>();
  #token = "";
  readonly #due: (() => void)[] = [];
  readonly #simulator: Simulator;
  #parts!: Parts; // opened before anyone gets one

  private constructor(readonly url: string, readonly endpoint: string) {
    this.#simulator = createSimulator({
      callbackDelayMs: 1,
      lateCallbackDelayMs: 1,
      shortcodes: demoShortcodes,
      timer: (_, run) => {
        this.#due.push(run);
        return () => {};
      },
      fetch: (request) => answer(this.#parts, request),
    });
  }

  /** `endpoint` is where webhooks go; it says yes to all. */
  static async open(url: string, endpoint: string): Promise<Rehearsal> {
    const rehearsal = new Rehearsal(url, endpoint);
    await rehearsal.#open({});
    const headers = { authorization: `Basic ${btoa("cli_demo:demo-secret")}` };
    const body = new URLSearchParams({ grant_type: "client_credentials" });
    const given = await answer(
      rehearsal.#parts,
      new Request(`${origin}/oauth/token`, { method: "POST", headers, body }),
    );
    rehearsal.#token = (await given.json()).access_token;
    return rehearsal;
  }

  /** From now on the endpoint is told of events. */
  async listen(): Promise<void> {
    this.#parts.store.close();
    await this.#open({ FLOOR_WEBHOOK_URL: this.endpoint });
  }

  /** A merchant's call. Fails unless it is answered 2xx. */
  async post(path: string, body: unknown): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    };
    const text = JSON.stringify(body);
    const response = await answer(this.#parts, new Request(origin + path, { method: "POST", headers, body: text }));
    assert.ok(response.ok, `${path} is answered ${response.status}`);
    return await response.json();
  }

  /** Lets the callbacks come that wait. */
  deliver(): void {
    for (const run of this.#due.splice(0)) run();
  }

  /** Resolves when no commit and no call is under way, and none has begun for a while. */
  async idle(): Promise<void> {
    for (let quiet = 0, seen = this.#begun; quiet < QUIET_TURNS; quiet = seen === this.#begun ? quiet + 1 : 0) {
      seen = this.#begun;
      await new Promise((resolve) => setTimeout(resolve, 10));
      await Promise.allSettled(this.#underWay);
      await this.#simulator.world.tasks.idle();
    }
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#begun++;
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }

  /** Reads past the floor. */
  async reading<T>(work: (read: Read) => Promise<T>): Promise<T> {
    const db = await openDatabase(this.url);
    try {
      return await work(async (sql) => (await db.read([{ sql, args: [] }]))[0]?.rows ?? []);
    } finally {
      await db.close();
    }
  }

  /** A store that is closed while the addon's thread commits takes the process down with it. */
  async close(): Promise<void> {
    await this.idle();
    this.#parts.store.close();
    await this.#simulator.close();
  }

  async #open(more: Values): Promise<void> {
    const parts = await prepare(
      { ...settings, DATABASE_URL: this.url, ...more },
      (address, init) =>
        this.#track(
          address === this.endpoint
            ? Promise.resolve(new Response("{}"))
            : Promise.resolve(this.#simulator.app.fetch(new Request(address, init))),
        ),
    );
    const commit: Parts["store"]["commit"] = (statements) => {
      this.commits++;
      return this.#track(parts.store.commit(statements));
    };
    this.#parts = { ...parts, store: { ...parts.store, commit } };
  }
}
