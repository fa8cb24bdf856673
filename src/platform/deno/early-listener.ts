import type { Handler, Server } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";
import { type Address, serve } from "./serve.ts";

/** A server that listens before its handler is loaded. */
export interface EarlyListener {
  readonly server: Server;
  /** Gives the handler the requests that wait and all later ones. */
  serveWith(handler: Handler): Server;
}

/**
 * Starts to listen. `GET /health/live` is answered with `liveAnswer` (as JSON) at once; every other request waits until
 * {@link EarlyListener.serveWith} brings the handler. Throws when the address cannot be listened on.
 */
export function listenEarly(address: Address, liveAnswer: unknown, log: Log): EarlyListener {
  const handlerReady = Promise.withResolvers<Handler>();
  let handle: Handler = (request, info) => {
    const isLiveness = request.method === "GET" && new URL(request.url).pathname === "/health/live";
    return isLiveness ? jsonResponse(liveAnswer) : handlerReady.promise.then((handler) => handler(request, info));
  };
  const server = serve(address, (request, info) => handle(request, info), log);
  return {
    server,
    serveWith(handler) {
      handle = handler;
      handlerReady.resolve(handler);
      return server;
    },
  };
}

/** As src/http/security-headers.ts says for every answer; that folder is not loaded yet. */
const LIVE_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

const jsonResponse = (body: unknown): Response =>
  new Response(JSON.stringify(body), {
    headers: { "content-type": "application/json", ...LIVE_HEADERS },
  });
