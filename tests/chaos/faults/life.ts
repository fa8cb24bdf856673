import { ApiProcess } from "../api-process.ts";
import type { CrashPoint, Orders } from "../child/control.ts";
import type { Random } from "../random.ts";
import type { Stage } from "../stage.ts";
import { sleep } from "../tally.ts";

/** Where the process may kill itself: around each commit that matters and each call to Daraja. */
const writes = [
  "INSERT INTO checkouts",
  "INSERT INTO attempts",
  "INSERT INTO notices",
  "INSERT INTO payments",
  "INSERT INTO payouts",
  "INSERT INTO refunds",
  "UPDATE attempts",
  "UPDATE payouts",
  "UPDATE refunds",
  "UPDATE notices",
  "UPDATE jobs SET lease",
  "UPDATE idempotency_keys",
];
const calls = ["stkpush/", "stkpushquery/", "b2c/", "transactionstatus/", "reversal/", "oauth/"];

/** The API's process: started, killed, stopped and started again, with the clock it should have. */
export class Life {
  #api: ApiProcess;
  #going = true;
  #skewMs = 0;
  #kvPath: string;
  #refuse: Orders["refuse"] = null;
  readonly #draws: Random;

  constructor(readonly stage: Stage) {
    this.#draws = stage.random.fork("life");
    this.#kvPath = stage.env.KV_PATH ?? "";
    this.#api = this.#start(null);
  }

  get offsetMs(): number {
    return this.stage.world.aheadMs + this.#skewMs;
  }

  get api(): ApiProcess {
    return this.#api;
  }

  async ready(): Promise<void> {
    await this.#api.ready;
    if (this.#api.alive) return;
    throw new Error(`The API did not start:\n${this.stage.lines.slice(-20).join("\n")}`);
  }

  /** Sets the process's clock off the world's by so much. */
  async skew(ms: number): Promise<void> {
    this.#skewMs = ms;
    await this.#api.tell({ do: "clock", offsetMs: this.offsetMs });
  }

  /** Lets time pass, for Daraja as for the process. */
  async pass(ms: number): Promise<void> {
    this.stage.world.aheadMs += ms;
    await this.#api.tell({ do: "clock", offsetMs: this.offsetMs });
  }

  /** Has a table refuse writes until a time, over restarts too. */
  async refuse(table: string, until: number): Promise<void> {
    this.#refuse = { table, until };
    await this.#api.tell({ do: "refuse", table, until });
  }

  /** Kills, stops and restarts the process until {@link heal}. */
  async run(): Promise<void> {
    while (this.#going) {
      await this.#api.ready;
      await this.#live(this.#draws.int(1_000, 6_000));
      if (!this.#going) return;
      if (this.#api.alive) {
        this.stage.faults.add("killed");
        await this.#api.end("SIGKILL");
      } else this.stage.faults.add("killed_at_mark");
      await this.#meddleWithKv();
      await sleep(this.#draws.int(0, 300));
      if (this.#going) this.#api = this.#start(this.#mark());
    }
  }

  /** Stops the faults and sees that a process runs. */
  async heal(running: Promise<void>): Promise<void> {
    this.#going = false;
    this.#refuse = null;
    this.#api.signal("SIGCONT");
    await running;
    await this.#api.end("SIGKILL"); // a mark may still be set in it
    this.#kvPath = this.stage.env.KV_PATH ?? "";
    this.#api = this.#start(null);
    await this.ready();
  }

  async end(): Promise<void> {
    this.#going = false;
    await this.#api.end("SIGTERM");
  }

  async #live(forMs: number): Promise<void> {
    const end = Date.now() + forMs;
    while (this.#going && this.#api.alive && Date.now() < end) {
      await Promise.race([this.#api.ended, sleep(Math.min(700, Math.max(0, end - Date.now())))]);
      if (!this.#api.alive || !this.#draws.chance(0.15)) continue;
      this.stage.faults.add("stopped");
      this.#api.signal("SIGSTOP");
      await sleep(this.#draws.int(100, 1_500));
      this.#api.signal("SIGCONT");
    }
  }

  async #meddleWithKv(): Promise<void> {
    const path = this.stage.env.KV_PATH ?? "";
    const fate = this.#draws.weighted([[3, "kept"], [1, "deleted"], [1, "refusing"]] as const);
    this.#kvPath = fate === "refusing" ? `${this.stage.folder}/malipo-is-no-folder/kv.db` : path;
    if (fate === "kept" || (fate === "deleted" && await holdsNotices(path))) return;
    this.stage.faults.add(`kv_${fate}`);
    if (fate === "refusing") { // a file stands where its folder should be
      await Deno.writeTextFile(`${this.stage.folder}/malipo-is-no-folder`, "");
      return;
    }
    for (const end of ["", "-wal", "-shm"]) await Deno.remove(path + end).catch(() => {});
  }

  #mark(): CrashPoint | null {
    if (!this.#draws.chance(0.5)) return null;
    const what = this.#draws.chance(0.7) ? "write" : "daraja";
    const match = this.#draws.pick(what === "write" ? writes : calls);
    return { what, match, when: this.#draws.pick(["before", "after"]), nth: this.#draws.int(1, 12) };
  }

  #start(crash: CrashPoint | null): ApiProcess {
    const { env, options, lines } = this.stage;
    const orders = { offsetMs: this.offsetMs, crash, refuse: this.#refuse, sabotage: options.sabotage };
    return new ApiProcess({ ...env, KV_PATH: this.#kvPath }, orders, lines);
  }
}

/**
 * Whether the KV store holds notices that the database refused. Both stores lost one after the other is more than is
 * promised, so such a store is not deleted.
 */
async function holdsNotices(path: string): Promise<boolean> {
  const kv = await Deno.openKv(path);
  try {
    for await (const _ of kv.list({ prefix: ["spilled-notice"] })) return true;
    return false;
  } finally {
    kv.close();
  }
}
