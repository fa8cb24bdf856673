import { describeError } from "../memory.ts";
import type { Handler, Server } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";

/** Where to listen. Port 0 means any free port. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

const RETRY_MS = 100;

/** The port is taken. The message says what to do; who knows the name of the setting adds it. */
export class PortInUse extends Error {
  override readonly name = "PortInUse";
  constructor(readonly port: number) {
    super(
      `port ${port} is in use by another program, perhaps by another \`deno task dev\` or \`deno task start\`. Stop that one ` +
        `(\`ss -ltnp\` shows which it is), or choose another port`,
    );
  }
}

/**
 * Starts to listen. When the listener fails later, it listens again: a process that has too many open files can't accept
 * connections for a moment, and must not end then, because it waits for answers of Daraja. An error of the handler is
 * logged, and answered with an empty 500. Throws when the first attempt to listen fails; {@link PortInUse} says why.
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
    }, (request, { remoteAddr }) => handler(request, { peer: remoteAddr.hostname }));
    server.finished.catch((error: unknown) => {
      log.write("alert", "server.lost", { error: describeError(error) });
      listenAgain();
    });
    return server;
  };
  let server = listenFirst();
  const { hostname, port } = server.addr;

  function listenAgain(): void {
    if (stopping) return;
    try {
      server = listen({ hostname: address.hostname, port });
      log.write("warn", "server.back");
    } catch {
      setTimeout(listenAgain, RETRY_MS);
    }
  }

  function listenFirst(): Deno.HttpServer<Deno.NetAddr> {
    try {
      return listen(address);
    } catch (error) {
      throw error instanceof Deno.errors.AddrInUse ? new PortInUse(address.port) : error;
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
      const isDone = await Promise.race([closed.then(() => true), deadline.promise]);
      clearTimeout(timer);
      return isDone;
    },
  };
}
