import { type Context as HonoContext, Hono } from "hono";
import { compress } from "hono/compress";
import type { Context, Services } from "../../context/context.ts";
import { first, select } from "../../db/query.ts";
import { OwnReach } from "../../db/reach.ts";
import { merchants } from "../../db/schema.ts";
import { openAccountLink } from "../../domain/accounts/links.ts";
import { statementOf } from "../../domain/accounts/statement.ts";
import type { AccountState } from "../../domain/accounts/store.ts";
import { addFields, type Env } from "../../http/env.ts";
import type { Gates } from "../../http/gates.ts";
import { pageHeaders } from "../headers.ts";
import { createView, renderNotFound, renderPage } from "../pay/respond.ts";
import { type SharedStatement, statementPage } from "./page.tsx";

/** Older lines are in the API's statement. */
const MAX_LINES = 100;

const selectMerchant = select(merchants, "WHERE id = ?");

/** `GET /s/{id}?token=`: the statement of an account, for whom it was shared with. A link that does not work answers 404. */
export function statementPages(services: Services, gates: Gates): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/s/*", pageHeaders(), compress());
  app.get("/s/:id", gates.slots.pages, async (c) => {
    const [id, token] = [c.req.param("id"), c.req.query("token") ?? ""];
    const state = await openAccountLink(services, id, token);
    if (state === null) return await renderNotFound(c, services);
    const view = await createView(c, services, c.req.query("lang"), { token, phone: null });
    const url = `/s/${id}?${new URLSearchParams({ token })}`;
    return await renderPage(c, statementPage(view, await readStatement(c, services, state, url)));
  });
  return app;
}

async function readStatement(
  c: HonoContext<Env>,
  services: Services,
  state: AccountState,
  url: string,
): Promise<SharedStatement> {
  const { merchant_id: merchantId, shortcode_id, account_reference } = state.account;
  const note: Context["note"] = (fields) => addFields(c.get("fields"), fields);
  note({ account: state.account.id, merchant: merchantId });
  const ctx: Context = {
    ...services,
    merchantId,
    reach: OwnReach.of(merchantId),
    actor: "reader",
    requestId: c.get("requestId"),
    scopes: new Set(),
    claim: null,
    note,
  };
  const [merchant, shortcode, statement] = await Promise.all([
    first(services.db, selectMerchant(merchantId)),
    services.shortcodes.byId(shortcode_id),
    statementOf(ctx, state, {}),
  ]);
  return {
    url,
    merchant: merchant?.name ?? "",
    account: account_reference,
    paybill: shortcode.kind === "paybill" ? shortcode.number : null,
    balance: statement.closing_balance,
    arrears: statement.arrears,
    lines: statement.data.slice(-MAX_LINES).reverse(),
    hasOlder: statement.data.length > MAX_LINES,
  };
}
