import type { FaultKind } from "../faults.ts";
import type { Owner, Step } from "../scheduler.ts";
import type { Config } from "../../../src/config/config.ts";
import { Process, type Surroundings } from "./process.ts";
import type * as Release from "./release.ts";

/** A request waits this long (ms) for its answer, as clients and M-Pesa do. */
const PATIENCE_MS = 30_000;
const LONGEST_STALL_MS = 150_000;
/** The clocks of two processes differ by up to twice this, which is what `doctor` allows. */
export const MOST_AHEAD_MS = 30_000;
const FIRST_STREAM = 10;

/** How long (ms) a process that is replaced has to answer what it has begun. */
const DRAIN_MS = 30_000;
const SHORT_MS = 250;

/** What a process is started with. */
export interface Deployment {
  readonly release: typeof Release;
  readonly config: Config;
}

/** The place of one process: when it dies, another one takes its place after a while. */
interface Place {
  readonly index: number;
  deployment: Deployment;
  owner: Owner;
  process: Process | null;
}

/** Several processes on one database, behind a load balancer. */
export class Fleet {
  readonly #places: Place[] = [];
  #born = 0;
  #isCalm = false;
  #isDeploying = false;
  /** Whether any clock was wrong. */
  clocksDiffer = false;
  /** Whatever a process threw outside of any request. */
  readonly broken: string[] = [];

  constructor(readonly around: Surroundings, deployments: readonly Deployment[]) {
    for (const [index, deployment] of deployments.entries()) {
      this.#places.push({ index, deployment, owner: around.scheduler.world, process: null });
    }
    around.scheduler.beforeStep = (step) => this.#disturb(step);
  }

  /** Starts all processes; resolves when they are ready. */
  async start(): Promise<void> {
    await Promise.all(this.#places.map((place) => this.#start(place, 0)));
  }

  /** Brings all back to life: nothing is stopped or dead any more. */
  async calm(): Promise<void> {
    this.#isCalm = true;
    for (const { owner } of this.#places) {
      owner.stoppedUntil = 0;
      owner.aheadMs = 0;
    }
    while (this.#isDeploying || this.#places.some(({ process }) => process === null)) await this.pause(500);
  }

  /**
   * Replaces one process after the other by one with this change: it gets no more requests, answers those that it has, and
   * ends; what its jobs do is cut. A place whose process has died gets the change when the next one starts there.
   */
  async deploy(change: Partial<Deployment>): Promise<void> {
    const { random } = this.around.scheduler.world;
    this.#isDeploying = true;
    for (const place of this.#places) {
      place.deployment = { ...place.deployment, ...change };
      const { process } = place;
      place.process = null;
      for (let ms = 0; process?.isBusy === true && ms < DRAIN_MS; ms += SHORT_MS) await this.pause(SHORT_MS);
      if (process !== null) {
        process.die();
        await this.#start(place, 200 + random.below(2_000));
      }
      while (place.process === null) await this.pause(SHORT_MS);
      await this.pause(random.below(30_000));
    }
    this.#isDeploying = false;
  }

  /** Ends all processes at once, and starts new ones when `meanwhile` is done. */
  async restart(meanwhile: () => void): Promise<void> {
    for (const place of this.#places) {
      place.process?.die();
      place.process = null;
    }
    meanwhile();
    await this.start();
  }

  /** Resolves after so many ms. */
  pause(ms: number): Promise<void> {
    const { scheduler } = this.around;
    return new Promise((resolve) => void scheduler.add(ms, scheduler.world, "pause", resolve));
  }

  #start(place: Place, ms: number): Promise<void> {
    const { scheduler } = this.around;
    const born = this.#born++;
    const owner = scheduler.owner(`P${place.index + 1}.${born}`, FIRST_STREAM + born);
    place.owner = owner;
    if (!this.#isCalm && this.around.faults.now("clock_skew", { atStart: true })) {
      this.#setClock(owner);
    }
    return new Promise((resolve) => {
      scheduler.add(ms, owner, "starts", () => {
        void Process.start(this.around, owner, place.deployment).then((process) => {
          if (place.owner === owner) place.process = process;
          resolve();
        }, (error) => {
          this.broken.push(String(error));
          resolve();
        });
      });
    });
  }

  #setClock(owner: Owner): void {
    const { scheduler } = this.around;
    this.clocksDiffer = true;
    owner.aheadMs = scheduler.world.random.below(2 * MOST_AHEAD_MS) - MOST_AHEAD_MS;
    scheduler.note(`the clock of ${owner.name} is ${owner.aheadMs} ms ahead`);
  }

  /** Before a step of a process: it may die, be stopped for a while, or get another time. */
  #disturb(step: Step): void {
    const place = this.#places.find(({ owner }) => owner === step.owner);
    if (place?.process == null) return;
    const { scheduler } = this.around;
    if (this.#happens("crash")) this.#kill(place);
    else if (this.#happens("stall")) {
      const ms = 5_000 + scheduler.world.random.below(LONGEST_STALL_MS);
      place.owner.stoppedUntil = scheduler.time + ms;
      scheduler.note(`${place.owner.name} is stopped for ${ms} ms`);
    } else if (this.#happens("clock_step")) this.#setClock(place.owner);
  }

  #happens(kind: FaultKind): boolean {
    return this.around.faults.now(kind);
  }

  #kill(place: Place): void {
    const { scheduler, daraja } = this.around;
    scheduler.note(`${place.owner.name} dies`);
    daraja.forgetFresh(place.owner);
    place.process?.die();
    place.process = null;
    void this.#start(place, 200 + scheduler.world.random.below(20_000));
  }

  /**
   * Sends a request to some process. Null: there is no answer, though the request may have been carried out. What a client
   * has not got after {@link PATIENCE_MS} it takes for lost.
   */
  send(request: Request, from: string): Promise<Response | null> {
    const { scheduler, faults } = this.around;
    const { random } = scheduler.world;
    const name = `${from} ${request.method} ${new URL(request.url).pathname}`;
    return new Promise((resolve) => {
      const patience = scheduler.add(PATIENCE_MS, scheduler.world, `${name} is given up`, () => resolve(null));
      const end = (answer: Response | null) => {
        scheduler.cancel(patience.id);
        resolve(answer);
      };
      scheduler.add(random.below(4), scheduler.world, `${name} leaves`, () => {
        const ready = this.#places.filter(({ process }) => process !== null);
        if (ready.length === 0) return void scheduler.add(5, scheduler.world, `${name} finds nobody`, () => end(null));
        const { process, owner } = random.pick(ready);
        scheduler.add(random.below(3), owner, `takes ${name}`, () => {
          void process?.answer(request).then((answer) => {
            const isLost = from !== "mpesa" && faults.now("client_answer_lost");
            const what = answer === null || isLost ? "gets no answer" : `gets ${answer.status}`;
            scheduler.add(random.below(4), scheduler.world, `${name} ${what}`, () => end(isLost ? null : answer));
          });
        });
      });
    });
  }
}
