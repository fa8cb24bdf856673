import { type Context as HonoContext, Hono } from "hono";
import { compress } from "hono/compress";
import type { Services } from "../../context/context.ts";
import { type Brand, recentBrand } from "../../domain/merchants/brands.ts";
import { randomCode, readCode } from "../../domain/payment-links/code.ts";
import { type OpenLink, openLink, startCheckout } from "../../domain/payment-links/start-checkout.ts";
import { linkUrl } from "../../domain/payment-links/view.ts";
import { limitBody } from "../../http/body-limit.ts";
import type { Env } from "../../http/env.ts";
import { kenyanMobile } from "../../http/fields.ts";
import type { Gates } from "../../http/gates.ts";
import { countRequest } from "../../http/rate-limit.ts";
import { Problem } from "../../problems/problem.ts";
import { pageHeaders } from "../headers.ts";
import type { CheckoutAccess } from "../pay/checkout-access.ts";
import { kes } from "../pay/format.ts";
import { rememberedPhone } from "../pay/phone-cookie.ts";
import { createView, renderError, renderNotFound, renderPage } from "../pay/respond.ts";
import { parseForm, submitPrompt } from "../pay/submit-prompt.ts";
import { pageUrl, type View } from "../pay/view.ts";
import { visitorContext } from "../visitor.ts";
import { linkPage } from "./page.tsx";

type Page = HonoContext<Env>;
const FORM_BYTES = 8_192;
/** A form has a text of so many random letters: nobody else's form has the same. */
const START_LETTERS = 20;
const START = /^[0-9a-z]{20}$/;

/** `/p/{code}`: the page of a payment link, and the form by which somebody begins to pay. */
export function linkPages(services: Services, gates: Gates, access: CheckoutAccess): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/p/*", pageHeaders(), gates.enterHosted, compress());
  const readForm = limitBody(FORM_BYTES, services.config.limits.requests.bodyDeadlineMs);

  app.get("/p/:code", gates.slots.pages, async (c) => {
    const open = await find(c, services, gates);
    if (open === null) return await renderNotFound(c, services);
    const brand = await recentBrand(services, open.link.merchant_id);
    const phone = await rememberedPhone(c, services);
    const view = await createView(c, services, c.req.query("lang"), { token: "", phone, brand });
    return await render(c, services, open, view, {});
  });

  app.post("/p/:code", readForm, gates.slots.api, async (c) => {
    const open = await find(c, services, gates);
    if (open === null) return await renderNotFound(c, services);
    const form = await parseForm(c);
    const brand = await recentBrand(services, open.link.merchant_id);
    const phone = { phone: form.phone.slice(0, 20), remember: form.remember };
    const view = { ...await createView(c, services, form.lang, { token: "", phone: null, brand }), ...phone };
    const typed = (form.all.get("amount") ?? "").slice(0, 20);
    const amount = open.link.amount ?? readShillings(typed, services.config.limits.checkouts.maxAmount);
    if (amount === null) return await render(c, services, open, view, { typed, wrong: "amount" });
    if (kenyanMobile(form.phone) === null) return await render(c, services, open, view, { typed, wrong: "phone" });
    const given = form.all.get("start") ?? "";
    const start = START.test(given) ? given : randomCode(START_LETTERS);
    const wait = waitOfPrompts(gates, c.get("address"), open.link.merchant_id);
    if (wait !== null) {
      c.header("retry-after", String(wait));
      const tooMany = {
        typed,
        wrong: "phone",
        error: view.text.link.tooMany(Math.ceil(wait / 60)),
        status: 429,
      } as const;
      return await render(c, services, open, view, tooMany);
    }
    const ctx = visitorContext(c, services, open.link.merchant_id, "shopper");
    ctx.note({ payment_link: open.link.id });
    const started = await startCheckout(ctx, open.link.code, amount, start);
    if ("stage" in started) return await render(c, services, { ...open, stage: started.stage }, view, { typed });
    const visit = await access.open(c, started.checkout);
    if (visit === null) return await renderNotFound(c, services);
    const token = services.capabilities.mint("hosted", started.checkout);
    return await submitPrompt(c, { services, gates, access }, visit, { ...form, token });
  });

  app.onError((error, c) => renderError(error, c as Page, services)); // the same Env
  return app;
}

/**
 * The link of the address; null: there is none. Wrong codes are counted by address, and who has tried too many of them is
 * refused for a while, also with a right one: a refusal that spared right codes would tell them.
 */
async function find(c: Page, services: Services, { wrongCodes }: Gates): Promise<OpenLink | null> {
  const address = c.get("address");
  const wait = wrongCodes.waitOf(address);
  if (wait !== null) {
    throw new Problem("rate_limited", `Too many addresses that do not exist. Wait ${wait} s.`, {
      retryAfterSeconds: wait,
    });
  }
  const code = readCode(c.req.param("code") ?? "");
  const open = code === null ? null : await openLink(services, code);
  if (open === null) countRequest(c, wrongCodes, address);
  return open;
}

/** How long (s) nobody at this address, or on the pages of this merchant, may begin to pay. Null: now. It counts nothing. */
const waitOfPrompts = ({ prompts }: Gates, address: string, merchantId: string): number | null =>
  prompts.byAddress.waitOf(address) ?? prompts.byMerchant.waitOf(merchantId);

interface Typed {
  readonly typed?: string;
  readonly wrong?: "amount" | "phone";
  /** What is wrong with the phone, and the status, where it is not the number itself. */
  readonly error?: string;
  readonly status?: 429;
}

async function render(
  c: Page,
  services: Services,
  open: OpenLink,
  view: View,
  { typed = "", wrong, error = view.text.phoneWrong, status = undefined }: Typed,
): Promise<Response> {
  const { maxAmount: most } = services.config.limits.checkouts;
  const { current } = open;
  const token = current === null ? "" : services.capabilities.mint("hosted", current.id);
  const page = linkPage({ ...view, error: wrong === "phone" ? error : null }, {
    open,
    url: linkUrl(services, open.link),
    path: `/p/${open.link.code}`,
    start: randomCode(START_LETTERS),
    amount: typed,
    amountError: wrong === "amount" ? view.text.link.amountWrong(kes(most)) : null,
    most,
    current: current === null ? null : pageUrl(current.id, { ...view, token }),
    picture: pictureOf(services, view.brand),
  });
  return await renderPage(c, page, wrong === undefined ? 200 : status ?? 422);
}

const pictureOf = ({ config }: Services, brand: Brand | null): string | null =>
  brand?.logo?.endsWith(".png") === true ? config.server.publicUrl + brand.logo : null;

/** A typed amount in cents: `1500`, `1,500` or `KES 1 500`. Null: no whole number of shillings from 1 to `most` cents. */
function readShillings(typed: string, most: number): number | null {
  const digits = typed.trim().replace(/^(?:KES|KSH|SH)\.?\s*/i, "").replaceAll(/[,\s]/g, "").replace(/\.0{1,2}$/, "");
  if (!/^\d{1,9}$/.test(digits)) return null;
  const cents = Number(digits) * 100;
  return cents > 0 && cents <= most ? cents : null;
}
