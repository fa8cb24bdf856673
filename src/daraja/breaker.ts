/** A circuit breaker per shortcode. It is our own because it must run on the injected clock. Business answers never open it. */

import type { Clock } from "../platform/ports.ts";
import type { BreakerSettings } from "./types.ts";

export const breakerDefaults: BreakerSettings = { failureThreshold: 10, failureSpanMs: 10_000, openMs: 15_000 };

interface Circuit {
  failures: number;
  firstFailureAt: number;
  openUntil: number | null;
  isProbing: boolean;
}

/** Permission to make one call; `done` must be called exactly once. */
export interface CallPermit {
  done(result: "answered" | "failed"): void;
}

export interface Breaker {
  /** Null while the circuit is open. */
  requestPermit(key: string): CallPermit | null;
}

/**
 * Opens after `failureThreshold` failures in a row over at least `failureSpanMs`. After `openMs` one call may pass as a
 * probe, and its result closes the circuit or keeps it open.
 */
export function createBreaker(clock: Clock, settings: BreakerSettings): Breaker {
  const circuits = new Map<string, Circuit>();

  function recordResult(key: string, circuit: Circuit, isProbe: boolean, result: "answered" | "failed"): void {
    if (isProbe) circuit.isProbing = false;
    if (result === "answered") {
      circuits.delete(key);
      return;
    }
    const now = clock.now();
    if (circuit.failures === 0) circuit.firstFailureAt = now;
    circuit.failures += 1;
    const isLongEnough = now - circuit.firstFailureAt >= settings.failureSpanMs;
    if (isProbe || (circuit.failures >= settings.failureThreshold && isLongEnough)) {
      circuit.openUntil = now + settings.openMs;
    }
  }

  return {
    requestPermit(key) {
      const circuit = circuits.get(key) ?? { failures: 0, firstFailureAt: 0, openUntil: null, isProbing: false };
      const isHalfOpen = circuit.openUntil !== null;
      if (isHalfOpen && (circuit.isProbing || clock.now() < (circuit.openUntil ?? 0))) return null;
      if (isHalfOpen) circuit.isProbing = true;
      circuits.set(key, circuit);
      return { done: (result) => recordResult(key, circuit, isHalfOpen, result) };
    },
  };
}
