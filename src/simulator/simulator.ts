import { Hono } from "hono";
import { replyOrError } from "./core/operation.ts";
import { DarajaError, toResponse } from "./core/reply.ts";
import { createWorld, type World } from "./core/world.ts";
import { handsetRoutes } from "./handset/routes.tsx";
import { introspectionRoutes } from "./introspection.ts";
import type { SimulatorOptions } from "./options.ts";
import { darajaRoutes } from "./routes.ts";

export type { C2bRegistration, SimulatedShortcode, SimulatorOptions } from "./options.ts";

/** A simulation of Daraja, for development and tests. */
export interface Simulator {
  /** Serves Daraja's paths and `/_simulator/*`. */
  readonly app: Hono;
  /** What it knows; `world.books` and `world.requests` are what the introspection endpoints list. */
  readonly world: World;
  /** Cancels timers, aborts the callbacks that are being sent, and resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** Builds a simulator. It opens no port: give `app.fetch` to a server, or call it directly. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const world = createWorld(options);
  const app = new Hono();
  app.route("/", darajaRoutes(world));
  app.route("/", handsetRoutes(world));
  app.route("/_simulator", introspectionRoutes(world));
  app.notFound(async () =>
    toResponse(
      await replyOrError(world, () => {
        throw new DarajaError(404, "404.001.01", "Resource not found");
      }),
    )
  );
  return {
    app,
    world,
    close: async () => {
      await Promise.all([world.outbox.close(), world.tasks.close()]);
    },
  };
}
