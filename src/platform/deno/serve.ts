import { describe } from "../memory.ts";
import type { Handler, HostLog, Server } from "../ports.ts";

/** Where to listen; port 0 takes any that is free. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** Listens. What the handler throws is logged and answered with an empty 500. */
export function serve(address: Address, handler: Handler, log: HostLog): Server {
  const server = Deno.serve({
    ...address,
    onListen: () => {},
    onError(error) {
      log.write("error", "server.handler_failed", { error: describe(error) });
      return new Response(null, { status: 500 });
    },
  }, handler);

  let closed: Promise<unknown> | null = null;
  return {
    hostname: server.addr.hostname,
    port: server.addr.port,
    async stop(graceMs) {
      closed ??= Promise.allSettled([server.shutdown(), server.finished]);
      const deadline = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => deadline.resolve(false), graceMs);
      const answered = await Promise.race([closed.then(() => true), deadline.promise]);
      clearTimeout(timer);
      return answered;
    },
  };
}
