import { type Context as HonoContext, Hono } from "hono";
import { compress } from "hono/compress";
import type { Services } from "../../context/context.ts";
import { publicKeys } from "../../crypto/signing.ts";
import { findLogo } from "../../domain/merchants/brands.ts";
import { readReceipt, readState, type Receipt } from "../../domain/receipts/read-receipt.ts";
import { receiptIn, ReceiptSigner } from "../../domain/receipts/signer.ts";
import { limitBody } from "../../http/body-limit.ts";
import { addFields, type Env } from "../../http/env.ts";
import type { Gates } from "../../http/gates.ts";
import { countRequest } from "../../http/rate-limit.ts";
import { assets, createAsset } from "../assets/assets.ts";
import { themeCss } from "../brand/theme.ts";
import { pageHeaders } from "../headers.ts";
import { createView, renderError, renderNotFound, renderPage } from "../pay/respond.ts";
import { type Checked, checkPage } from "./check-page.tsx";
import { receiptPage } from "./page.tsx";
import { receiptJs } from "./script.ts";

type Page = HonoContext<Env>;
/** Somebody may paste the whole saved page. */
const FORM_BYTES = 131_072;
const CHECK_PATH = "/r/verify";

/** `/r/{token}`: the receipt of a payment. `/r/verify`: checks one, by script, by form, or as JSON. */
export function receiptPages(services: Services, gates: Gates): Hono<Env> {
  const app = new Hono<Env>();
  const signer = new ReceiptSigner(services);
  const { server: { publicUrl }, limits } = services.config;
  const script = createAsset("receipt", "js", "text/javascript; charset=utf-8", receiptJs.trim());
  app.use("/r/*", pageHeaders(), gates.enterHosted, compress());

  app.get("/assets/:file{receipt\\.[0-9a-f]+\\.js}", gates.slots.pages, async (c) => {
    const { path, content, type } = await script;
    if (c.req.path !== path) return c.notFound();
    return c.body(content, 200, { "content-type": type, "cache-control": "public, max-age=31536000, immutable" });
  });

  const show = async (c: Page, given: string, checked: Checked | null, lang: string | undefined) => {
    const view = await createView(c, services, lang, { token: "", phone: null, brand: null });
    const { signing, retired } = services.config.keys;
    const keys = publicKeys(signing, retired);
    const page = { keys, issuer: publicUrl, script: (await script).path, path: CHECK_PATH, given, checked };
    return await renderPage(c, checkPage(view, page), checked !== null && checked.claims === null ? 422 : 200);
  };
  app.get(CHECK_PATH, gates.slots.pages, (c) => show(c, "", null, c.req.query("lang")));

  const readForm = limitBody(FORM_BYTES, limits.requests.bodyDeadlineMs);
  app.post(CHECK_PATH, readForm, gates.slots.pages, async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const given = form.get("receipt") ?? "";
    const checked = await check(services, signer, given);
    if (!/\bapplication\/json\b/.test(c.req.header("accept") ?? "")) {
      return await show(c, given.slice(0, 8_192), checked, form.get("lang") ?? undefined);
    }
    const { claims, now } = checked;
    return c.json({
      valid: claims !== null,
      receipt: claims,
      now: now === null ? null : { state: now.state, given_back: now.givenBack },
    });
  });

  app.get("/r/:token", gates.slots.pages, async (c) => {
    const capability = services.capabilities.verify(c.req.param("token"));
    const isReceipt = capability?.kind === "payment_receipt";
    if (!isReceipt) countRequest(c, gates.wrongCodes, c.get("address"));
    const receipt = isReceipt ? await readReceipt(services, signer, capability.id) : null;
    if (receipt === null) return await renderNotFound(c, services);
    addFields(c.get("fields"), { merchant: receipt.merchantId, payment: receipt.claims.sub });
    const view = await createView(c, services, c.req.query("lang"), { token: "", phone: null, brand: receipt.brand });
    const isFile = c.req.query("save") !== undefined;
    const alone = isFile ? { style: await styleOf(receipt), logo: await logoOf(services, receipt) } : null;
    if (isFile) {
      const name = `receipt-${receipt.claims.mpesa ?? receipt.claims.sub}`.replaceAll(/[^\w-]/g, "");
      c.header("content-disposition", `attachment; filename="${name}.html"`);
    }
    const page = {
      receipt,
      path: `/r/${c.req.param("token")}`,
      checkUrl: publicUrl + CHECK_PATH,
      script: (await script).path,
      alone,
    };
    return await renderPage(c, receiptPage(view, page));
  });

  app.onError((error, c) => renderError(error, c as Page, services)); // the same Env
  return app;
}

/** Whether somebody's text is a receipt of ours, and what became of its money since. */
async function check(services: Services, signer: ReceiptSigner, given: string): Promise<Checked> {
  const text = receiptIn(given);
  const claims = text === null ? null : await signer.verify(text);
  return { claims, now: claims === null ? null : await readState(services, claims.sub) };
}

/** The style inside the file. */
async function styleOf({ brand }: Receipt): Promise<string> {
  return (await assets()).style.content + (brand.colour === null ? "" : themeCss(brand.colour));
}

/** The logo inside the file. */
async function logoOf(services: Services, { brand }: Receipt): Promise<string | null> {
  const [, hash, kind] = /^\/logos\/(\w+)\.(\w+)$/.exec(brand.logo ?? "") ?? [];
  const logo = hash === undefined || kind === undefined ? null : await findLogo(services, hash, kind);
  const type = kind === "svg" ? "image/svg+xml" : "image/png";
  return logo === null ? null : `data:${type};base64,${logo.content.toBase64()}`;
}
