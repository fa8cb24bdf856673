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

function startCron(name: string, schedule: string, run: () => Promise<void>, log: Log): () => Promise<void> {
  const stopped = new AbortController();
  const ended = Deno.cron(name, schedule, { signal: stopped.signal }, run).catch((error) => {
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
