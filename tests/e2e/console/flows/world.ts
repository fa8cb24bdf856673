import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import type { Role } from "../../../../src/auth/roles.ts";
import { DEMO_MERCHANT } from "../../../../src/cli/seed.ts";
import { insertPerson, newPerson } from "../../../../src/domain/people/store.ts";
import { linkOf, personId } from "../../../support/console.ts";
import { type InProcess, inProcess } from "../../../support/in-process.ts";
import { VIRTUAL_START_MS } from "../../../support/time.ts";
import { freePort } from "../../../support/child.ts";

/** What a page does not do in this time it does not do at all. */
const HANGS_MS = Number(Deno.env.get("HANGS_MS") ?? 120_000);
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

export type Who = "owner" | "cashier" | "finance" | "approver" | "operator";

/** The service, served to a browser. */
export interface World {
  readonly run: InProcess;
  /** The tab of a person who is signed in, at the page where they start. */
  readonly tab: (who: Who, isScripted: boolean) => Promise<Page>;
}

/** The service in this process on virtual time, on a port that the system gives, and one browser. */
export async function withWorld(test: (world: World) => Promise<void>): Promise<void> {
  const port = freePort();
  const url = `http://localhost:${port}`;
  const env = {
    PUBLIC_URL: url,
    RATE_LIMIT_PAGES_PER_MINUTE: "100000",
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: "100000",
    RATE_LIMIT_PER_MINUTE: "100000",
  };
  await inProcess(async (run) => {
    const server = Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, (request) => run.app.fetch(request));
    const browser = await chromium.launch({ executablePath: Deno.env.get("CHROMIUM") ?? "", headless: true, args });
    const tabs = new Map<string, Promise<Page>>();
    try {
      await test({
        run,
        async tab(who, isScripted) {
          const key = `${who} ${isScripted}`;
          const tab = tabs.get(key) ?? signedIn(run, browser, url, who, isScripted);
          tabs.set(key, tab);
          const page = await tab;
          await page.goto(`${url}/console`);
          return page;
        },
      });
    } finally {
      await browser.close();
      await server.shutdown();
    }
  }, { env, startMs: VIRTUAL_START_MS - 7 * 86_400_000 });
}

async function signedIn(
  run: InProcess,
  browser: Browser,
  url: string,
  who: Who,
  isScripted: boolean,
): Promise<Page> {
  const context = await browser.newContext({
    locale: "en-KE",
    javaScriptEnabled: isScripted,
    viewport: who === "owner" ? { width: 360, height: 740 } : { width: 1280, height: 900 },
    acceptDownloads: true,
  });
  context.setDefaultTimeout(HANGS_MS);
  const page = await context.newPage();
  await page.goto(`${url}${await linkOf(run, await idOf(run, who), 86_400_000)}`);
  await page.click("button[type=submit]");
  await page.waitForURL(/\/console\/(m|platform)/);
  if (isScripted && (who === "approver" || who === "owner")) await addPasskey(page, url);
  return page;
}

async function idOf(run: InProcess, who: Who): Promise<string> {
  if (who === "owner") return personId("admin@demo.test");
  if (who === "operator") return personId("platform@malipo.test");
  if (who !== "cashier") return personId(`${who}@demo.test`);
  const author = { ...run.services, merchantId: DEMO_MERCHANT, actor: "cli" };
  const roles: readonly Role[] = ["cashier"];
  const person = await newPerson(author, { email: `${crypto.randomUUID()}@demo.test`, name: "Njeri" }, roles);
  await run.db.write([insertPerson(person)]);
  return person.id;
}

/** A device with a fingerprint reader, in Chromium itself, for the pages of this tab. */
async function addDevice(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function addPasskey(page: Page, url: string): Promise<void> {
  await addDevice(page);
  await page.goto(`${url}/console/me`);
  await page.fill("[name=name]", "test phone");
  await page.click("form[data-passkey] button");
  await page.getByText("test phone").waitFor();
}
