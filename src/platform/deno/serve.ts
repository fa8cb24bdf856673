import { describeError } from "../memory.ts";
import type { Handler, Server } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";

/** Where to listen; port 0 takes any that is free. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

const AGAIN_MS = 100;

/**
 * Listens, and again where the system took the port away: a process that runs out of files can't accept for a moment,
 * which must not end it while it holds what Daraja is about to answer. What the handler throws is logged and answered
 * with an empty 500. Throws when it can't listen at first.
 */
export function serve(address: Address, handler: Handler, log: Log): Server {
  let stopping = false;
  const listen = (at: Address): Deno.HttpServer<Deno.NetAddr> => {
    const server = Deno.serve({
      ...at,
      onListen: () => {},
      onError(error) {
        log.write("error", "server.handler_failed", { error: describeError(error) });
        return new Response(null, { status: 500 });
      },
    }, handler);
    server.finished.catch((error: unknown) => {
      log.write("alert", "server.lost", { error: describeError(error) });
      again();
    });
    return server;
  };
  let server = listen(address);
  const { hostname, port } = server.addr;

  function again(): void {
    if (stopping) return;
    try {
      server = listen({ hostname: address.hostname, port });
      log.write("warn", "server.back");
    } catch {
      setTimeout(again, AGAIN_MS);
    }
  }

  let closed: Promise<unknown> | null = null;
  return {
    hostname,
    port,
    async stop(graceMs) {
      stopping = true;
      closed ??= Promise.allSettled([server.shutdown(), server.finished]);
      const deadline = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => deadline.resolve(false), graceMs);
      const answered = await Promise.race([closed.then(() => true), deadline.promise]);
      clearTimeout(timer);
      return answered;
    },
  };
}
