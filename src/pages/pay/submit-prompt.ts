import type { Context as HonoContext } from "hono";
import type { Services } from "../../context/context.ts";
import type { Env } from "../../http/env.ts";
import type { Gates } from "../../http/gates.ts";
import type { CheckoutAccess, Visit } from "./checkout-access.ts";
import { payPage } from "./page.tsx";
import { rememberPhone } from "./phone-cookie.ts";
import { chosenPhone, promptPhone, tooManyPrompts } from "./prompt.ts";
import { createView, renderPage } from "./respond.ts";
import { pageUrl } from "./view.ts";

/** What a shopper has sent with the form for the phone number. */
export interface PhoneForm {
  readonly token: string | undefined;
  readonly phone: string;
  readonly remember: boolean;
  readonly lang: string | undefined;
}

/** The form of a request. */
export async function parseForm(c: HonoContext<Env>): Promise<PhoneForm & { readonly all: URLSearchParams }> {
  const all = new URLSearchParams(await c.req.text());
  return {
    token: all.get("token") ?? c.req.query("token"),
    phone: all.get("phone") ?? "",
    remember: all.get("remember") === "yes",
    lang: all.get("lang") ?? c.req.query("lang"),
    all,
  };
}

/** What the pages need that prompt phones. */
export interface PromptDeps {
  readonly services: Services;
  readonly gates: Gates;
  readonly access: CheckoutAccess;
}

/** Prompts the phone of the form, and leads to the page of the checkout, or shows it at once with what is wrong. */
export async function submitPrompt(
  c: HonoContext<Env>,
  { services, gates, access }: PromptDeps,
  visit: Visit,
  form: PhoneForm,
): Promise<Response> {
  const token = form.token ?? "";
  const view = await createView(c, services, form.lang, { token, phone: null, brand: visit.brand });
  const phone = await chosenPhone(visit, form.phone);
  const waitSeconds = phone === null ? null : waitForPrompt(gates, c.get("address"), visit.ctx.merchantId);
  const outcome = waitSeconds === null
    ? await promptPhone(visit, phone, view.text)
    : tooManyPrompts(visit, waitSeconds, view.text);
  if (form.phone.trim() !== "" && phone !== null) await rememberPhone(c, services, form.remember ? phone : null);
  if (outcome.ok) return c.redirect(pageUrl(visit.pageState.id, view), 303);
  if (outcome.retryAfterSeconds !== undefined) c.header("retry-after", String(outcome.retryAfterSeconds));
  const current = await access.open(c, visit.pageState.id) ?? visit;
  const retryView = { ...view, phone: form.phone.slice(0, 20), remember: form.remember, error: outcome.error };
  return await renderPage(c, payPage(retryView, current.pageState), outcome.status);
}

/** How long (s) nobody at this address, or on the pages of this merchant, may ask for another prompt. Null: now. */
function waitForPrompt({ prompts }: Gates, address: string, merchantId: string): number | null {
  return prompts.byAddress.take(address).retryAfterSeconds ?? prompts.byMerchant.take(merchantId).retryAfterSeconds;
}
