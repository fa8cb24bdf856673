import type { Log } from "../../src/telemetry/log.ts";

/** A log that keeps what is written, by event name. */
export function keptLog(): Log & { readonly events: readonly string[] } {
  const events: string[] = [];
  return { events, write: (_level, event) => void events.push(event) };
}

/** A clock that stands still until moved. */
export function heldClock(): { ms: number; now(): number } {
  return {
    ms: 1_800_000_000_000,
    now: function () {
      return this.ms;
    },
  };
}
