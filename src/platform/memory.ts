import type { Clock, Entry, KeyValue, Queue, Store } from "./ports.ts";
import type { Log } from "../telemetry/log.ts";

interface Stored {
  readonly key: readonly string[];
  readonly value: Uint8Array;
  readonly version: string;
  readonly expiresAt: number;
}

const absent: Entry = { value: null, version: null };
const name = (key: readonly string[]) => JSON.stringify(key);
const startsWith = (key: readonly string[], prefix: readonly string[]) =>
  key.length > prefix.length && prefix.every((part, i) => key[i] === part);

/** For tests, and where there is no KV store: the values live in this process and end with it. `list` returns them in the order of writing. */
export function createMemoryKeyValue(clock: Clock): KeyValue {
  const entries = new Map<string, Stored>();
  let versions = 0;

  function live(key: readonly string[]): Stored | undefined {
    const stored = entries.get(name(key));
    if (!stored || stored.expiresAt > clock.now()) return stored;
    entries.delete(name(key));
    return undefined;
  }

  return {
    get(key) {
      const stored = live(key);
      return Promise.resolve(stored ? { value: stored.value.slice(), version: stored.version } : absent);
    },
    set(key, value, { expiresInMs, ifVersion } = {}) {
      const version = live(key)?.version ?? null;
      if (ifVersion !== undefined && ifVersion !== version) return Promise.resolve(false);
      const expiresAt = expiresInMs === undefined ? Infinity : clock.now() + expiresInMs;
      entries.set(name(key), { key: [...key], value: value.slice(), version: String(++versions), expiresAt });
      return Promise.resolve(true);
    },
    delete(key) {
      entries.delete(name(key));
      return Promise.resolve();
    },
    list(prefix, limit) {
      const found = [...entries.values()].filter(({ key }) => startsWith(key, prefix) && live(key)).slice(0, limit);
      return Promise.resolve(found.map(({ key, value }) => ({ key, value: value.slice() })));
    },
  };
}

const MAX_DELAY_MS = 2 ** 31 - 1; // a longer timer would fire at once; the sweep finds such jobs

/** Wake-ups by the timers of this process. */
export function createMemoryQueue(log: Log): Queue & { close(): void } {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let handler: (() => void) | null = null;
  let closed = false;

  return {
    enqueue(delayMs) {
      if (closed || delayMs > MAX_DELAY_MS) return Promise.resolve();
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (handler) runHandler(handler, log);
      }, Math.max(0, delayMs));
      timers.add(timer);
      return Promise.resolve();
    },
    listen(listener) {
      handler = listener;
    },
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** Calls the handler of a queue, and logs what it throws. */
export function runHandler(handler: () => void, log: Log): void {
  try {
    handler();
  } catch (error) {
    log.write("error", "queue.handler_failed", { error: describeError(error) });
  }
}

/** An error as text for a log line: name and message, without the stack. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : "not an error";

/** Both ports in memory. */
export function createMemoryStore(clock: Clock, log: Log): Store {
  const queue = createMemoryQueue(log);
  return { keyValue: createMemoryKeyValue(clock), queue, durable: false, close: () => queue.close() };
}
