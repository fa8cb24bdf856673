import { setImmediate } from "node:timers";
import { sha256 } from "@noble/hashes/sha2.js";
import { type GlobalHost, setHost } from "./host/globals.ts";
import { Random } from "./host/random.ts";
import { virtualUuids } from "../support/time.ts";

/** Somebody to whom steps belong: a process of the service, or the world around it. */
export interface Owner {
  readonly name: string;
  /** A dead owner's steps never happen. */
  isAlive: boolean;
  /** Until then (true ms) nothing of it happens: the machine has stopped it. */
  stoppedUntil: number;
  /** How far (ms) its clock is ahead of the true time. */
  aheadMs: number;
  readonly random: Random;
  /** UUIDs by its clock, as 32 hex digits. */
  readonly uuid: () => string;
}

/** Something that happens at `at` (true ms) or, if its owner is stopped then, later. */
export interface Step {
  readonly id: number;
  readonly at: number;
  readonly owner: Owner;
  readonly what: string;
  readonly run: () => void;
  readonly isTimer: boolean;
}

/** When virtual time starts. */
const START_MS = Date.parse("2026-11-24T09:30:00Z");
const utf8 = new TextEncoder();

/**
 * Owns all work that is under way: timers, answers, messages. Time stands still while a step runs, and until all that it
 * began waits for another step; then the seed decides what comes next among all that may come at that moment. So a run is
 * a function of its seed.
 */
export class Scheduler implements GlobalHost {
  #now = START_MS;
  #ids = 0;
  #steps: Step[] = [];
  readonly #elsewhere: { readonly owner: Owner; readonly ended: Promise<void>; readonly deliver: () => void }[] = [];
  readonly #hash = sha256.create();
  readonly #choice: Random;
  /** Called before each step, with what comes next; may kill or stop owners. */
  beforeStep: (step: Step) => void = () => {};
  /** The last lines of the history, for people. */
  readonly lines: string[] = [];
  keepsLines = false;
  taken = 0;
  readonly world: Owner;
  current: Owner;

  constructor(readonly seed: number) {
    this.#choice = new Random(seed, 1);
    this.world = this.owner("world");
    this.current = this.world;
  }

  /** Someone new. */
  owner(name: string, stream = 2): Owner {
    const random = new Random(this.seed, stream);
    const fill = (bytes: Uint8Array) => void bytes.forEach((_, i) => bytes[i] = random.next() >>> 24);
    const uuid = virtualUuids(() => Math.floor(this.#now + owner.aheadMs), fill);
    const owner: Owner = { name, isAlive: true, stoppedUntil: 0, aheadMs: 0, random, uuid };
    return owner;
  }

  /** The true time, in ms since 1970. */
  get time(): number {
    return this.#now;
  }

  now(): number {
    return Math.floor(this.#now + this.current.aheadMs);
  }

  elapsed(): number {
    return this.#now - START_MS;
  }

  after(ms: number, run: () => void): number {
    const wait = Math.max(0, Math.min(ms, 2 ** 31));
    return this.#add(this.#now + wait, this.current, "timer", run, true).id;
  }

  cancel(id: number): void {
    this.#steps = this.#steps.filter((step) => step.id !== id);
  }

  random(): number {
    return this.current.random.next();
  }

  /** Adds a step of `owner`, `ms` from now. */
  add(ms: number, owner: Owner, what: string, run: () => void): Step {
    return this.#add(this.#now + ms, owner, what, run, false);
  }

  #add(at: number, owner: Owner, what: string, run: () => void, isTimer: boolean): Step {
    const step: Step = { id: this.#ids++, at, owner, what, run, isTimer };
    this.#steps.push(step);
    return step;
  }

  async elsewhere<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let deliver = () => {};
    const ended = work.then((value) => {
      deliver = () => resolve(value);
    }, (error) => {
      deliver = () => reject(error);
    });
    this.#elsewhere.push({ owner: this.current, ended, deliver: () => deliver() });
    return await promise;
  }

  /** Forgets all that a dead owner had begun. */
  drop(owner: Owner): void {
    this.#steps = this.#steps.filter((step) => step.owner !== owner);
  }

  /** Writes a line into the history, which the hash covers. */
  note(text: string): void {
    const line = `${((this.#now - START_MS) / 1000).toFixed(3)} ${this.current.name} ${text}`;
    this.#hash.update(utf8.encode(line + "\n"));
    if (this.keepsLines) this.lines.push(line);
  }

  /** The hash of the history until now. */
  get hash(): string {
    return this.#hash.clone().digest().toHex().slice(0, 32);
  }

  /** Runs `work`, which belongs to the world, and all that it and others begin, until it has ended. */
  async run<T>(work: () => Promise<T>, maxSteps: number): Promise<T> {
    setHost(this);
    try {
      let isOver = false;
      this.current = this.world;
      const result = work().finally(() => isOver = true);
      result.catch(() => {}); // awaited below
      await this.#quiet();
      while (!isOver) {
        if (this.taken++ > maxSteps) throw new Error(`not over after ${maxSteps} steps`);
        const step = this.#next();
        if (step === undefined) throw new Error("nothing is under way, and it is not over");
        await this.#take(step);
      }
      return await result;
    } finally {
      setHost(null);
    }
  }

  async #take(step: Step): Promise<void> {
    this.#now = Math.max(this.#now, step.at, step.owner.stoppedUntil);
    this.beforeStep(step);
    if (!step.owner.isAlive || step.owner.stoppedUntil > this.#now) {
      if (step.owner.isAlive) this.#steps.push(step);
      return;
    }
    this.current = step.owner;
    this.note(step.what);
    step.run();
    await this.#quiet();
  }

  /** One of the steps that may come next, taken out. */
  #next(): Step | undefined {
    let soonest = Infinity;
    for (const { at, owner } of this.#steps) soonest = Math.min(soonest, Math.max(at, owner.stoppedUntil));
    const moment = Math.max(soonest, this.#now);
    const timers = new Map<Owner, Step>(); // of one process, timers come in the order of their times
    const ready: Step[] = [];
    for (const step of this.#steps) {
      if (Math.max(step.at, step.owner.stoppedUntil) > moment) continue;
      if (!step.isTimer) {
        ready.push(step);
        continue;
      }
      const first = timers.get(step.owner);
      if (first === undefined || step.at < first.at || (step.at === first.at && step.id < first.id)) {
        timers.set(step.owner, step);
      }
    }
    const all = [...ready, ...timers.values()];
    const chosen = all.length < 2 ? all[0] : all[this.#choice.below(all.length)];
    if (chosen !== undefined) this.#steps.splice(this.#steps.indexOf(chosen), 1);
    return chosen;
  }

  /** Resolves when nothing runs: all that is under way waits for a step. */
  async #quiet(): Promise<void> {
    await macrotask();
    for (let next = this.#elsewhere.shift(); next !== undefined; next = this.#elsewhere.shift()) {
      await next.ended;
      if (!next.owner.isAlive) continue;
      this.current = next.owner;
      next.deliver();
      await macrotask();
    }
  }
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
