import { describeError } from "../memory.ts";
import type { Cron } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";

const MINUTE_MS = 60_000;

/**
 * `Deno.cron` for intervals of whole minutes that divide an hour: a host that puts idle processes to sleep wakes them for
 * it. A timer for other intervals, and where there is no `Deno.cron`. Two runs of a tick never overlap. Errors of a tick are
 * logged.
 */
export function createDenoCron(log: Log): Cron {
  return {
    every(name, intervalMs, tick) {
      const guarded = withoutOverlap(name, tick, log);
      const schedule = scheduleOf(intervalMs);
      const cancel = schedule ? startCron(name, schedule, guarded.run, log) : startTimer(intervalMs, guarded.run);
      return {
        async stop() {
          await cancel();
          await guarded.settled();
        },
      };
    },
  };
}

/**
 * Declares a cron that runs once a minute, before anybody knows what it will do. Deno Deploy accepts a cron only at the top
 * level of the entrypoint, before the server listens. The first `every` of the result says what a tick does; a tick that
 * comes earlier waits for it. `declare` is another function than `Deno.cron` in tests.
 */
export function declareDenoCron(name: string, log: Log, declare: typeof Deno.cron = Deno.cron): Cron {
  const known = Promise.withResolvers<() => Promise<void>>();
  const guarded = withoutOverlap(name, async () => await (await known.promise)(), log);
  const cancel = startCron(name, "*/1 * * * *", guarded.run, log, declare);
  return {
    every(_name, _intervalMs, tick) {
      known.resolve(tick);
      return {
        async stop() {
          await cancel();
          await guarded.settled();
        },
      };
    },
  };
}

/** A cron that never runs, for a process that must not work by itself. */
export const noCron: Cron = { every: () => ({ stop: () => Promise.resolve() }) };

function scheduleOf(intervalMs: number): string | null {
  const minutes = intervalMs / MINUTE_MS;
  const whole = Number.isInteger(minutes) && minutes >= 1 && 60 % minutes === 0;
  if (!whole || typeof Deno.cron !== "function") return null;
  return minutes === 60 ? "0 * * * *" : `*/${minutes} * * * *`;
}

function withoutOverlap(name: string, tick: () => Promise<void>, log: Log) {
  let running: Promise<void> | null = null;
  async function once(): Promise<void> {
    try {
      await tick();
    } catch (error) {
      log.write("error", "cron.tick_failed", { name, error: describeError(error) });
    }
  }
  return {
    run: () =>
      running ??= once().finally(() => {
        running = null;
      }),
    settled: () => running ?? Promise.resolve(),
  };
}

function startCron(
  name: string,
  schedule: string,
  run: () => Promise<void>,
  log: Log,
  declare: typeof Deno.cron = Deno.cron,
): () => Promise<void> {
  const stopped = new AbortController();
  const ended = declare(name, schedule, { signal: stopped.signal }, run).catch((error) => {
    log.write("error", "cron.ended", { name, error: describeError(error) });
  });
  return async () => {
    stopped.abort();
    await ended;
  };
}

function startTimer(intervalMs: number, run: () => Promise<void>): () => Promise<void> {
  const timer = setInterval(run, intervalMs);
  return () => {
    clearInterval(timer);
    return Promise.resolve();
  };
}
