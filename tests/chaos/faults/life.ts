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

/** Longer than the lease of a job. */
const PAST_LEASE_MS = 62_000;

/** The API's processes, with the clock that they should have. */
export class Life {
  readonly #members: readonly Member[];
  #skewMs = 0;

  constructor(readonly stage: Stage) {
    this.#members = stage.ports.map((_, index) => new Member(this, index));
  }

  get offsetMs(): number {
    return this.stage.world.aheadMs + this.#skewMs;
  }

  async ready(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.ready()));
  }

  /** Sets the clock of the processes off the world's by so much. */
  async skew(ms: number): Promise<void> {
    this.#skewMs = ms;
    await this.#storeClock();
  }

  /** Lets time pass, for Daraja as for the processes. */
  async pass(ms: number): Promise<void> {
    this.stage.world.aheadMs += ms;
    await this.#storeClock();
  }

  /** Has a table refuse writes until a time, over restarts too. */
  async refuse(table: string, until: number): Promise<void> {
    await Promise.all(this.#members.map((member) => member.refuse(table, until)));
  }

  /** Kills, stops and restarts the processes until {@link heal}. */
  async run(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.run()));
  }

  /** Stops the faults and sees that all processes run. */
  async heal(running: Promise<void>): Promise<void> {
    for (const member of this.#members) member.calm();
    await running;
    await Promise.all(this.#members.map((member) => member.startAfresh()));
  }

  async end(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.end()));
  }

  async #storeClock(): Promise<void> {
    const fresh = `${this.stage.clockFile}-${crypto.randomUUID()}`;
    await Deno.writeTextFile(fresh, String(this.offsetMs));
    await Deno.rename(fresh, this.stage.clockFile); // nobody reads half of it
  }
}

/** One process of the API: started, killed, stopped and started again. */
class Member {
  #api: ApiProcess;
  #going = true;
  #kvPath: string;
  #refuse: Orders["refuse"] = null;
  readonly #draws: Random;

  constructor(readonly life: Life, readonly index: number) {
    const { stage } = life;
    this.#draws = stage.random.fork(index === 0 ? "life" : `life/${index}`);
    this.#kvPath = stage.env.KV_PATH ?? "";
    this.#api = this.#start(null);
  }

  get #stage(): Stage {
    return this.life.stage;
  }

  async ready(): Promise<void> {
    await this.#api.ready;
    if (this.#api.alive) return;
    throw new Error(`The API did not start:\n${this.#stage.lines.slice(-20).join("\n")}`);
  }

  async refuse(table: string, until: number): Promise<void> {
    this.#refuse = { table, until };
    await this.#api.tell({ do: "refuse", table, until });
  }

  async run(): Promise<void> {
    while (this.#going) {
      await this.#api.ready;
      await this.#live(this.#draws.int(1_000, 6_000));
      if (!this.#going) return;
      if (this.#api.alive) {
        this.#stage.faults.add("killed");
        await this.#api.end("SIGKILL");
      } else this.#stage.faults.add("killed_at_mark");
      await this.#meddleWithKv();
      await sleep(this.#draws.int(0, 300));
      if (this.#going) this.#api = this.#start(this.#mark());
    }
  }

  /** Begins no more faults. */
  calm(): void {
    this.#going = false;
    this.#refuse = null;
    this.#api.signal("SIGCONT");
  }

  async startAfresh(): Promise<void> {
    await this.#api.end("SIGKILL"); // a mark may still be set in it
    this.#kvPath = this.#stage.env.KV_PATH ?? "";
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
      if (!this.#api.alive || !this.#draws.chance(0.2)) continue;
      if (this.#draws.chance(0.5)) await this.#stopPastLease();
      else {
        this.#stage.faults.add("stopped");
        await this.#stopFor(this.#draws.int(100, 1_500));
      }
    }
  }

  async #stopFor(ms: number): Promise<void> {
    this.#api.signal("SIGSTOP");
    await sleep(ms);
    this.#api.signal("SIGCONT");
  }

  /** Stops it past the lease of what it does. Another process, if there is one, takes that over before it goes on. */
  async #stopPastLease(): Promise<void> {
    this.#stage.faults.add("stopped_past_lease");
    this.#api.signal("SIGSTOP");
    await sleep(50);
    await this.life.pass(PAST_LEASE_MS);
    await sleep(this.#draws.int(800, 2_500)); // the sweep of the other one runs four times a second
    this.#api.signal("SIGCONT");
  }

  async #meddleWithKv(): Promise<void> {
    const path = this.#stage.env.KV_PATH ?? "";
    const fate = this.#draws.weighted([[3, "kept"], [1, "deleted"], [1, "refusing"]] as const);
    this.#kvPath = fate === "refusing" ? `${this.#stage.folder}/malipo-is-no-folder/kv.db` : path;
    const isShared = this.#stage.ports.length > 1; // a file that another process has open is not deleted
    if (fate === "kept" || (fate === "deleted" && (isShared || await holdsNotices(path)))) return;
    this.#stage.faults.add(`kv_${fate}`);
    if (fate === "refusing") { // a file stands where its folder should be
      await Deno.writeTextFile(`${this.#stage.folder}/malipo-is-no-folder`, "");
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
    const { env, ports, clockFile, options, lines } = this.#stage;
    const orders = { clockFile, crash, refuse: this.#refuse, sabotage: options.sabotage };
    const own = { ...env, PORT: String(ports[this.index] ?? 0), KV_PATH: this.#kvPath };
    return new ApiProcess(own, orders, lines);
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
