import type { Clock } from "../ports.ts";

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() };

/** Reads the named environment variables only, so that no permission for others is needed. */
export function readEnvironment(names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, Deno.env.get(name)]));
}

/** Files that the process makes from now on can be read by its own user only. Without the permission nothing changes. */
export function makeFilesPrivate(): void {
  if (Deno.build.os === "windows") return;
  const descriptor = { name: "sys", kind: "umask" } as unknown as Deno.PermissionDescriptor; // its types lack this kind
  if (Deno.permissions.querySync(descriptor).state === "granted") Deno.umask(0o077);
}

/** Ends the process. Code 0 means success. */
export function endProcess(code: 0 | 1): never {
  Deno.exit(code);
}

const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/** `signal` resolves at the first SIGINT or SIGTERM. A second one ends the process at once, as usual. */
export function untilStopped(): { readonly signal: Promise<Deno.Signal>; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  const listeners = STOP_SIGNALS.map((signal) => [signal, () => received(signal)] as const);
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
