/** A circuit breaker per shortcode. Our own, for it runs on the injected clock; business answers never count. */

import type { Clock } from "../platform/ports.ts";
import type { BreakerSettings } from "./types.ts";

export const BREAKER_DEFAULTS: BreakerSettings = { failures: 10, spanMs: 10_000, openMs: 15_000 };

interface Circuit {
  failures: number;
  firstFailureAt: number;
  openUntil: number | null;
  probing: boolean;
}

/** Leave to make one call; `done` must be called exactly once. */
export interface Pass {
  done(result: "answered" | "failed"): void;
}

export interface Breaker {
  /** Null while open. */
  enter(key: string): Pass | null;
}

/** Opens after `failures` in a row that lasted `spanMs`; after `openMs` lets one probe through. */
export function createBreaker(clock: Clock, settings: BreakerSettings): Breaker {
  const circuits = new Map<string, Circuit>();

  function settle(key: string, circuit: Circuit, probe: boolean, result: "answered" | "failed"): void {
    if (probe) circuit.probing = false;
    if (result === "answered") {
      circuits.delete(key);
      return;
    }
    const now = clock.now();
    if (circuit.failures === 0) circuit.firstFailureAt = now;
    circuit.failures += 1;
    const lasted = now - circuit.firstFailureAt >= settings.spanMs;
    if (probe || (circuit.failures >= settings.failures && lasted)) circuit.openUntil = now + settings.openMs;
  }

  return {
    enter(key) {
      const circuit = circuits.get(key) ?? { failures: 0, firstFailureAt: 0, openUntil: null, probing: false };
      const halfOpen = circuit.openUntil !== null;
      if (halfOpen && (circuit.probing || clock.now() < (circuit.openUntil ?? 0))) return null;
      if (halfOpen) circuit.probing = true;
      circuits.set(key, circuit);
      return { done: (result) => settle(key, circuit, halfOpen, result) };
    },
  };
}
