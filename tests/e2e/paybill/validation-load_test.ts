import assert from "node:assert/strict";
import { loadConfig } from "../../../src/config/config.ts";
import { createCapabilities } from "../../../src/crypto/capability.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type Product, withProduct } from "../../support/product.ts";
import { type Sqld, startSqld } from "../../support/sqld.ts";

const paybill = "sho_01kamcvd000000000000000001";
const AT_ONCE = 20;
/** What is answered when the rule can't be looked up in time: no rule gives this code. */
const WHEN_DOWN = "C2B00016";
const env = { C2B_VALIDATION_WHEN_DOWN: "reject" };

async function address(product: Product): Promise<string> {
  const loaded = loadConfig({ APP_ENV: "test" }, "start");
  assert.ok(loaded.ok);
  const capabilities = await createCapabilities(loaded.config.keys.callback);
  return `${product.api}/notify/${capabilities.mint("c2b_validation", paybill)}`;
}

async function ask(url: string, account: string): Promise<string> {
  const body = JSON.stringify({
    TransID: "UKM9X2A1BC",
    TransTime: "20261122121325",
    TransAmount: "1500.00",
    BusinessShortCode: "600000",
    BillRefNumber: account,
    MSISDN: "2547 ***** 126",
  });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { ResultCode } = await response.json();
  return ResultCode;
}

/** The answer by the rule: asks again where the look-up took longer than a validation waits, as on a busy machine. */
const askRule = (product: Product, url: string, account: string): Promise<string> =>
  product.waitFor(async () => {
    const code = await ask(url, account);
    return code !== WHEN_DOWN && code;
  });

/** Asks for each account, `AT_ONCE` at a time; answers the codes in order. */
async function askAll(product: Product, url: string, accounts: readonly string[]): Promise<string[]> {
  const codes: string[] = [];
  for (let i = 0; i < accounts.length; i += AT_ONCE) {
    const some = accounts.slice(i, i + AT_ONCE);
    codes.push(...await Promise.all(some.map((account) => askRule(product, url, account))));
  }
  return codes;
}

Deno.test("each of 600 validations, 20 at once, is answered by a look-up of its own checkout", async () => {
  await withProduct({ env }, async (product) => {
    const patched = await product.call("PATCH", `/v1/shortcodes/${paybill}`, { validation: { rule: "open_checkout" } });
    assert.equal(patched.status, 200);
    await createCheckout(product, { account_reference: "INV-1" });
    await createCheckout(product, { account_reference: "INV-2", amount: 100_000 });
    const accounts = Array.from({ length: 600 }, (_, i) => `INV-${1 + i % 3}`);
    const expected = accounts.map((_, i) => ["0", "C2B00013", "C2B00012"][i % 3]);
    assert.deepEqual(await askAll(product, await address(product), accounts), expected);
  });
});

async function withServer(test: (server: Sqld) => Promise<void>): Promise<void> {
  const server = await startSqld();
  await test(server).finally(() => server.stop());
}

Deno.test("while the database is down, or hangs, validations are answered by the configured default", async () => {
  await withServer(async (server) => {
    await withProduct({ env: { ...env, DATABASE_URL: server.url } }, async (product) => {
      await product.call("PATCH", `/v1/shortcodes/${paybill}`, { validation: { rule: "open_checkout" } });
      await createCheckout(product, { account_reference: "INV-1" });
      const url = await address(product);
      assert.equal(await askRule(product, url, "INV-1"), "0");
      await server.kill();
      assert.equal(await ask(url, "INV-1"), WHEN_DOWN);
      await server.restart();
      assert.equal(await askRule(product, url, "INV-1"), "0");
      server.signal("SIGSTOP");
      await product.waitFor(async () => await ask(url, "INV-1") === WHEN_DOWN); // the server stops a moment later
      server.signal("SIGCONT");
      await product.waitFor(async () => await ask(url, "INV-1") === "0");
    });
  });
});
