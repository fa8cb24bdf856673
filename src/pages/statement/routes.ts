import { type Context as HonoContext, Hono } from "hono";
import { compress } from "hono/compress";
import type { Services } from "../../context/context.ts";
import { openAccountLink } from "../../domain/accounts/links.ts";
import { statementOf } from "../../domain/accounts/statement.ts";
import { type Brand, recentBrand } from "../../domain/merchants/brands.ts";
import type { AccountState } from "../../domain/accounts/store.ts";
import type { Env } from "../../http/env.ts";
import type { Gates } from "../../http/gates.ts";
import { pageHeaders } from "../headers.ts";
import { createView, renderNotFound, renderPage } from "../pay/respond.ts";
import { visitorContext } from "../visitor.ts";
import { type SharedStatement, statementPage } from "./page.tsx";

/** Older lines are in the API's statement. */
const MAX_LINES = 100;

/** `GET /s/{id}?token=`: the statement of an account, for whom it was shared with. A link that does not work answers 404. */
export function statementPages(services: Services, gates: Gates): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/s/*", pageHeaders(), compress());
  app.get("/s/:id", gates.slots.pages, async (c) => {
    const [id, token] = [c.req.param("id"), c.req.query("token") ?? ""];
    const state = await openAccountLink(services, id, token);
    if (state === null) return await renderNotFound(c, services);
    const brand = await recentBrand(services, state.account.merchant_id);
    const view = await createView(c, services, c.req.query("lang"), { token, phone: null, brand });
    const url = `/s/${id}?${new URLSearchParams({ token })}`;
    return await renderPage(c, statementPage(view, await readStatement(c, services, state, brand, url)));
  });
  return app;
}

async function readStatement(
  c: HonoContext<Env>,
  services: Services,
  state: AccountState,
  brand: Brand,
  url: string,
): Promise<SharedStatement> {
  const { merchant_id: merchantId, shortcode_id, account_reference } = state.account;
  const ctx = visitorContext(c, services, merchantId, "reader");
  ctx.note({ account: state.account.id });
  const [shortcode, statement] = await Promise.all([
    services.shortcodes.byId(shortcode_id),
    statementOf(ctx, state, {}),
  ]);
  return {
    url,
    merchant: brand.name,
    account: account_reference,
    paybill: shortcode.kind === "paybill" ? shortcode.number : null,
    balance: statement.closing_balance,
    arrears: statement.arrears,
    lines: statement.data.slice(-MAX_LINES).reverse(),
    hasOlder: statement.data.length > MAX_LINES,
  };
}
