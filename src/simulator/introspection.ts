import { Hono } from "hono";
import { payC2b } from "./c2b/pay.ts";
import { text } from "./core/fields.ts";
import { isRecord } from "./core/requests.ts";
import type { World } from "./core/world.ts";

const REACH_MS = 5_000;

/** Endpoints that list the requests and transactions of the simulator, oldest first, for tests and developers. */
export function introspectionRoutes(world: World): Hono {
  const app = new Hono();
  app.get("/transactions", (c) => {
    const { kind, phone, receipt } = c.req.query();
    return c.json({
      data: world.transactions.list().filter((transaction) =>
        matches(transaction.kind, kind) && matches(transaction.phone, phone) && matches(transaction.receipt, receipt)
      ),
    });
  });
  app.get("/requests", (c) => {
    const { operation, phone } = c.req.query();
    return c.json({
      data: world.requests.list().filter((entry) => matches(entry.operation, operation) && matches(entry.phone, phone)),
    });
  });
  app.post("/reach", async (c) => {
    const body: unknown = await c.req.json().catch(() => null);
    const url = text(isRecord(body) ? body : {}, "url") ?? "";
    if (!URL.canParse(url) || !/^https?:/.test(url)) return c.json({ error: "url: an http or https URL" }, 422);
    return c.json(await reach(world, url));
  });
  app.post("/c2b", async (c) => {
    const body: unknown = await c.req.json().catch(() => null);
    const fields = isRecord(body) ? body : {};
    const account = world.accounts.find(text(fields, "shortcode") ?? "");
    if (!account) return c.json({ error: "shortcode: unknown" }, 404);
    const phone = text(fields, "phone") ?? "";
    const amount = Number(fields["amount"]);
    if (!/^254[17]\d{8}$/.test(phone)) return c.json({ error: "phone: 12 digits, 2547... or 2541..." }, 422);
    if (!Number.isInteger(amount) || amount < 1 || amount > 250_000) {
      return c.json({ error: "amount: whole shillings, 1 to 250000" }, 422);
    }
    return c.json(await payC2b(world, account, { amount, phone, reference: text(fields, "account_reference") ?? "" }));
  });
  return app;
}

/** What a callback would find at an address. `status` is null where nobody answers. */
async function reach({ options }: World, url: string): Promise<{ status: number | null; body: string }> {
  try {
    const request = new Request(url, { redirect: "manual", signal: AbortSignal.timeout(REACH_MS) });
    const answer = await (options.fetch ?? fetch)(request);
    return { status: answer.status, body: (await answer.text()).slice(0, 2_000) };
  } catch {
    return { status: null, body: "" };
  }
}

function matches(value: string | null, wanted: string | undefined): boolean {
  return wanted === undefined || value === wanted;
}
