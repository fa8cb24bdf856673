import type { Cron, Entry, KeyValue, Queue } from "../../../src/platform/ports.ts";
import type { Faults } from "../faults.ts";
import type { Owner, Scheduler } from "../scheduler.ts";

const SPILLED = "spilled-notice";

/** What the KV store held before the last change of each key, of all processes. */
export type Before = Map<string, Entry>;

/** The KV store as one process sees it. */
export function createKeyValue(
  shared: KeyValue,
  before: Before,
  scheduler: Scheduler,
  owner: Owner,
  faults: Faults,
): KeyValue {
  const { random } = scheduler.world;
  const call = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      scheduler.add(random.below(3), owner, `kv ${what}`, () => {
        if (faults.now("kv_fails")) return reject(new Error("the KV store does not answer"));
        const lost = faults.now("kv_lost") ? loseAll(shared) : Promise.resolve();
        lost.then(work).then(resolve, reject);
      });
    });
  /** Keeps what there was, and changes it. */
  const changing = async <T>(key: readonly string[], change: () => Promise<T>): Promise<T> => {
    before.set(key.join("/"), await shared.get(key));
    return await change();
  };
  return {
    get: (key) =>
      call(`get ${key[0]} ${key[1]}`, () => {
        const old = before.get(key.join("/"));
        return old !== undefined && faults.now("kv_stale") ? Promise.resolve(old) : shared.get(key);
      }),
    set: (key, value, options) =>
      call(`set ${key[0]} ${key[1]}`, () => changing(key, () => shared.set(key, value, options))),
    delete: (key) => call(`delete ${key[0]}`, () => changing(key, () => shared.delete(key))),
    list: (prefix, limit) => call(`list ${prefix[0]}`, () => shared.list(prefix, limit)),
  };
}

/** All but what must survive. */
async function loseAll(shared: KeyValue): Promise<void> {
  for (const { key } of await shared.list([], Infinity)) if (!survivesLoss(key)) await shared.delete(key);
}

/** What a loss of the KV store leaves: the notices, which it has promised to keep. */
const survivesLoss = (key: readonly string[]): boolean => key[0]?.startsWith(SPILLED) ?? false;

/** Wake-ups of one process; they may be lost, late or double. */
export function createQueue(scheduler: Scheduler, owner: Owner, faults: Faults): Queue {
  let handler = () => {};
  return {
    enqueue(delayMs) {
      const late = faults.now("wake_late") ? 1_000 + scheduler.world.random.below(90_000) : 0;
      const times = faults.now("wake_dropped") ? 0 : faults.now("wake_twice") ? 2 : 1;
      for (let i = 0; i < times; i++) {
        scheduler.add(Math.max(0, delayMs) + late, owner, "wake-up", () => handler());
      }
      return Promise.resolve();
    },
    listen(listener) {
      handler = listener;
    },
  };
}

/** When nothing fails, one tick in so many is enough: that saves a third of a run's time. */
const QUIET_TICKS = 3;

/** Ticks of one process; some are left out. */
export function createCron(scheduler: Scheduler, owner: Owner, faults: Faults): Cron {
  return {
    every(name, intervalMs, tick) {
      let [running, ticks] = [Promise.resolve(), 0];
      const next = (): void => {
        scheduler.add(intervalMs, owner, `cron ${name}`, () => {
          next();
          const isQuiet = !faults.isActive && ticks++ % QUIET_TICKS !== 0;
          if (!isQuiet && !faults.now("cron_skips")) running = running.then(tick);
        });
      };
      next();
      return { stop: () => running };
    },
  };
}
