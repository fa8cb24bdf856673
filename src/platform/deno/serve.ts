import { describeError } from "../memory.ts";
import type { Handler, Server } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";

/** Where to listen. Port 0 means any free port. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

const RETRY_MS = 100;

const NO_HOST = "Send a Host header: HTTP/1.1 requires it.\n";

/**
 * RFC 9112 wants a 400. Deno then makes the URL with `localhost` and our port. A request of HTTP/2 has no Host either, but
 * its URL has the name that was asked for; only one to `localhost` itself, without TLS, looks the same.
 */
const isWithoutHost = (request: Request, port: number): boolean =>
  !request.headers.has("host") && request.url.startsWith(`http://localhost:${port}/`);

/** Deno writes `content-length: 0` for an answer without a body, and GET may have one. With a stream it writes none. */
function withoutLength(response: Response): Response {
  const { status, headers } = response;
  if (response.body !== null || headers.has("content-length") || status === 204 || status === 304) return response;
  return new Response(new ReadableStream({ start: (stream) => stream.close() }), { status, headers });
}

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
    }, async (request, { remoteAddr }) => {
      if (isWithoutHost(request, port)) return new Response(NO_HOST, { status: 400 });
      const response = await handler(request, { peer: remoteAddr.hostname });
      return request.method === "HEAD" ? withoutLength(response) : response;
    });
    server.finished.catch((error: unknown) => {
      log.write("alert", "server.lost", { error: describeError(error) });
      listenAgain();
    });
    return server;
  };
  let port = address.port;
  let server = listenFirst();
  const { hostname } = server.addr;
  port = server.addr.port;

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
