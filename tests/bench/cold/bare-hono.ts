import { Hono } from "hono";

/** The least that Hono can be, to compare a start with. */
const app = new Hono();
app.get("/", (c) => c.json({ status: "live" }));
Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")), onListen: () => {} }, app.fetch);
