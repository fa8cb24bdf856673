import { Hono } from "hono";
import { compress } from "hono/compress";
import type { Services } from "../context/services.ts";
import type { ChangeKinds } from "../domain/change-requests/kind.ts";
import type { Env } from "../http/env.ts";
import type { Gates } from "../http/gates.ts";
import { problemResponse, toProblem } from "../http/respond.ts";
import { pageHeaders } from "../pages/headers.ts";
import { Problem } from "../problems/problem.ts";
import { errorText } from "../telemetry/log.ts";
import { myRoutes } from "./me/routes.tsx";
import { namedHost } from "./session/named-host.ts";
import { signables } from "./signing/signables.tsx";
import { signPages } from "./signing/sign-page.tsx";
import { servePasskeyScript } from "./signing/serve-script.ts";
import { PageRefused } from "./session/page-refused.ts";
import { mountPages } from "./layout/mount-pages.ts";
import { LiveStreams } from "./live/stream.ts";
import { pagesOf } from "./pages.ts";
import { sessionRoutes } from "./session/routes.tsx";

/** The console: pages for people who are signed in. */
export function consolePages(
  services: Services,
  gates: Gates,
  kinds: ChangeKinds,
  accepting: () => boolean,
): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/console/*", pageHeaders(), compress());
  app.use("/console/*", namedHost(services));
  app.get("/assets/:file{passkey\\..+}", compress(), gates.slots.pages, servePasskeyScript);
  sessionRoutes(app, services, gates);
  const all = [...pagesOf(kinds), ...signPages(signables(kinds))];
  myRoutes(app, services, all);
  mountPages(app, services, gates, all, new LiveStreams(services, accepting));
  app.onError((error, c) => {
    const problem = error instanceof PageRefused
      ? new Problem("insufficient_scope", "This page, or this form, is not for you.")
      : toProblem(error);
    c.get("fields").problem = problem.code;
    if (problem.code === "internal_error") c.get("fields").error = errorText(error);
    return problemResponse(c, problem, services.config.server.publicUrl, c.get("requestId"));
  });
  return app;
}
