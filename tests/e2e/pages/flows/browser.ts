import assert from "node:assert/strict";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { checkoutBody } from "../../../support/checkouts.ts";
import { ApiClient } from "../../../support/client.ts";
import type { CheckoutView } from "../../../../src/domain/checkouts/contract.ts";

export const setting = (name: string): string => {
  const value = Deno.env.get(name);
  if (value === undefined) throw new Error(`${name} is not set; browser_test.ts runs these flows.`);
  return value;
};

export const shopUrl = setting("SHOP_URL");
export const simulatorUrl = setting("SIMULATOR_URL");
/** What a page does not do in this time it does not do at all. */
const HANGS_MS = 180_000;
const shots = Deno.env.get("SCREENSHOTS");

export const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  hasTouch: true,
};
export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
args.push("--disable-component-update", "--disable-sync");

/** The API, as `cli_demo`. */
export const api = new ApiClient(() => shopUrl, (request) => fetch(request), () => Date.now());

/** A new checkout. */
export async function newCheckout(changes: Readonly<Record<string, unknown>> = {}): Promise<CheckoutView> {
  const body = checkoutBody({ return_url: `${shopUrl}/demo/thanks`, ...changes });
  const answer = await api.call<CheckoutView>("POST", "/v1/checkouts", body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}

/** What a page did that it must not do. */
interface Watched {
  readonly problems: string[];
}

function watched(page: Page): Watched {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    if (/content security policy|refused to/i.test(message.text())) problems.push(`policy: ${message.text()}`);
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    // the console sends browsers from the number to the name of this machine
    const named = new URL(shopUrl).origin.replace("127.0.0.1", "localhost");
    const own = [new URL(shopUrl).origin, named, new URL(simulatorUrl).origin].includes(origin) || protocol === "data:";
    if (!own) problems.push(`request to ${origin}`);
  });
  return { problems };
}

/** Runs a browser for a while. */
export async function withBrowser(test: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: setting("CHROMIUM"), headless: true, args });
  try {
    await test(browser);
  } finally {
    await browser.close();
  }
}

/** As if each page of this tab had gone back to the shop before: a paid page does it by itself once. */
const STAYS = "try { sessionStorage.setItem('back' + location.pathname, 'yes') } catch {}";

/**
 * Opens a page and shows it to the test; then checks that it kept to its policy and asked nobody else. `goesBack`: a paid
 * page goes back to the shop by itself.
 */
export async function withPage(
  browser: Browser,
  { goesBack = false, ...options }: BrowserContextOptions & { readonly goesBack?: boolean },
  test: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ locale: "en-KE", ...options });
  context.setDefaultTimeout(HANGS_MS);
  const page = await context.newPage();
  if (!goesBack) await page.addInitScript(STAYS);
  const { problems } = watched(page);
  try {
    await test(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(problems, []);
}

/** The stage that the page shows. */
export const stage = (page: Page, name: string): Promise<void> =>
  page.locator(`main[data-stage=${name}]`).waitFor({ state: "attached" });

/** Types a number and sends it. */
export async function ask(page: Page, number: string): Promise<void> {
  await page.fill("#phone", number);
  await page.click("button[data-busy]:visible");
}

/** Nothing sticks out to the side. */
export async function fits(page: Page): Promise<void> {
  const [inner, outer] = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]") as [number, number];
  assert.ok(inner <= outer, `${inner} px wide on a screen of ${outer}`);
}

/** Keeps a picture for people to look at, where `SCREENSHOTS` names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}
