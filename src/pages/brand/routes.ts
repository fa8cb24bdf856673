import { Hono } from "hono";
import type { Services } from "../../context/context.ts";
import { findLogo } from "../../domain/merchants/brands.ts";
import type { Env } from "../../http/env.ts";
import type { Gates } from "../../http/gates.ts";
import { themeCss } from "./theme.ts";

const FOR_EVER = "public, max-age=31536000, immutable";
/** A logo that somebody opens by its address runs nothing and loads nothing, whatever was missed when it was cleaned. */
const LOGO_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";
const types = { svg: "image/svg+xml", png: "image/png" } as const;

/** `GET /logos/{hash}.svg|png` and `GET /themes/{colour}.css`: what a page shows of its merchant. */
export function brandRoutes(services: Services, gates: Gates): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/logos/:file{[0-9a-f]{32}\\.(svg|png)}", gates.slots.pages, async (c) => {
    const [hash = "", kind = ""] = c.req.param("file").split(".");
    const logo = await findLogo(services, hash, kind);
    if (logo === null) return c.notFound();
    return c.body(new Uint8Array(logo.content), 200, {
      "content-type": types[logo.kind],
      "content-security-policy": LOGO_POLICY,
      "cache-control": FOR_EVER,
    });
  });
  app.get(
    "/themes/:file{[0-9a-f]{6}\\.css}",
    gates.slots.pages,
    (c) =>
      c.body(themeCss(`#${c.req.param("file").slice(0, 6)}`), 200, {
        "content-type": "text/css; charset=utf-8",
        "cache-control": FOR_EVER,
      }),
  );
  return app;
}
