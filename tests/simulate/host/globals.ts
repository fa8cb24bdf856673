/**
 * Puts a host in the place of the clocks, timers, randomness and WebCrypto that every module of this isolate uses, those of
 * libraries included. While no host is set, all behave as usual. Import this file before any code that may keep one of them.
 */
export interface GlobalHost {
  /** The clock of the machine, in ms since 1970. */
  now(): number;
  /** Ms that never go back. */
  elapsed(): number;
  /** Runs something in `ms`. */
  after(ms: number, run: () => void): number;
  cancel(timer: number): void;
  /** The next random number, from 0 to 2^32 - 1. */
  random(): number;
  /** Something that another thread does: the answer comes when the host says so. */
  elsewhere<T>(work: Promise<T>): Promise<T>;
}

let host: GlobalHost | null = null;

/** Sets the host, or takes it away with null. */
export function setHost(next: GlobalHost | null): void {
  host = next;
}

const real = {
  Date,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  now: performance.now.bind(performance),
  random: Math.random,
  getRandomValues: crypto.getRandomValues.bind(crypto),
  randomUUID: crypto.randomUUID.bind(crypto),
};

/** Real milliseconds of this machine, whoever is the host. */
export const realNow = (): number => real.now();

const now = (): number => host === null ? real.Date.now() : host.now();

const HostedDate = new Proxy(Date, {
  construct: (date, args, target) => Reflect.construct(date, args.length === 0 ? [now()] : args, target),
  get: (date, name) => name === "now" ? now : Reflect.get(date, name),
});

/** The timers of a host have numbers that no real one reaches. */
const FIRST_TIMER = 2 ** 40;
type Run = (...args: unknown[]) => void;

function setTimer(run: Run, ms = 0, ...args: unknown[]): number {
  if (host === null) return Number(real.setTimeout(run, ms, ...args));
  return FIRST_TIMER + host.after(ms, () => run(...args));
}

function clearTimer(timer?: number): void {
  if (timer !== undefined && timer >= FIRST_TIMER) host?.cancel(timer - FIRST_TIMER);
  else real.clearTimeout(timer);
}

const repeating = new Map<number, number>();

function setRepeating(run: Run, ms = 0, ...args: unknown[]): number {
  if (host === null) return Number(real.setInterval(run, ms, ...args));
  const first = setTimer(tick, ms);
  function tick(): void {
    repeating.set(first, setTimer(tick, ms));
    run(...args);
  }
  repeating.set(first, first);
  return first;
}

function clearRepeating(timer?: number): void {
  if (timer === undefined || !repeating.has(timer)) return real.clearInterval(timer);
  clearTimer(repeating.get(timer));
  repeating.delete(timer);
}

function fill<T extends ArrayBufferView>(array: T): T {
  if (host === null) return real.getRandomValues(array as ArrayBufferView<ArrayBuffer>) as ArrayBufferView as T;
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let i = 0; i < bytes.length; i++) bytes[i] = host.random() >>> 24;
  return array;
}

function uuid(): ReturnType<typeof crypto.randomUUID> {
  if (host === null) return real.randomUUID();
  const hex = fill(new Uint8Array(16)).toHex();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A blob of text that can be read without another thread. */
export class HostedBlob extends Blob {
  readonly parts: readonly unknown[];
  constructor(parts: BlobPart[] = [], options: BlobPropertyBag = {}) {
    super(parts, options);
    this.parts = parts;
  }
}

Object.assign(globalThis, {
  Date: HostedDate,
  Blob: HostedBlob,
  setTimeout: setTimer,
  clearTimeout: clearTimer,
  setInterval: setRepeating,
  clearInterval: clearRepeating,
});
performance.now = () => host === null ? real.now() : host.elapsed();
Math.random = () => host === null ? real.random() : host.random() / 2 ** 32;
Object.assign(crypto, { getRandomValues: fill, randomUUID: uuid });
const methods = [
  ..."encrypt decrypt sign verify digest generateKey deriveBits deriveKey importKey exportKey wrapKey unwrapKey".split(
    " ",
  ),
] as (keyof SubtleCrypto)[];
for (const method of methods) {
  const original = crypto.subtle[method].bind(crypto.subtle) as (...args: unknown[]) => Promise<unknown>;
  Object.assign(crypto.subtle, {
    [method]: (...args: unknown[]) => host === null ? original(...args) : host.elsewhere(original(...args)),
  });
}
