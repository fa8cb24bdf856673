import type { Clock } from "../ports.ts";

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** The named environment variables; asks permission for no others. */
export function readEnvironment(names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, Deno.env.get(name)]));
}

/** Ends the process: 0 where all is well. */
export function endProcess(code: 0 | 1): never {
  Deno.exit(code);
}

const stopSignals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/** Resolves at the first SIGINT or SIGTERM; a second one then ends the process the usual way. */
export function untilStopped(): { readonly signal: Promise<Deno.Signal>; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  const listeners = stopSignals.map((signal) => [signal, () => received(signal)] as const);
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);

  function cancel(): void {
    for (const [signal, listener] of listeners.splice(0)) Deno.removeSignalListener(signal, listener);
  }
  function received(signal: Deno.Signal): void {
    cancel();
    resolve(signal);
  }
  return { signal: promise, cancel };
}
