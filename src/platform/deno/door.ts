import type { Handler, Server } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";
import { type Address, serve } from "./serve.ts";

/** A port that is listened on before there is anything behind it. */
export interface Door {
  readonly server: Server;
  /** Hands on what waits and what comes from now on. */
  open(handler: Handler): Server;
}

/** Listens: `GET /health/live` is answered with `alive` at once, all else as soon as the door is opened. */
export function openDoor(address: Address, alive: unknown, log: Log): Door {
  const opened = Promise.withResolvers<Handler>();
  let handle: Handler = (request) => {
    const live = request.method === "GET" && new URL(request.url).pathname === "/health/live";
    return live ? answer(alive) : opened.promise.then((handler) => handler(request));
  };
  const server = serve(address, (request) => handle(request), log);
  return {
    server,
    open(handler) {
      handle = handler;
      opened.resolve(handler);
      return server;
    },
  };
}

const answer = (alive: unknown): Response =>
  new Response(JSON.stringify(alive), {
    headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
