import assert from "node:assert/strict";
import { loadConfig } from "../../../src/config/config.ts";
import { createCapabilities } from "../../../src/crypto/capability.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type Product, withProduct } from "../../support/product.ts";
import { type Sqld, startSqld } from "../../support/sqld.ts";

const paybill = "sho_01kamcvd000000000000000001";
const PER_SECOND = 200;
const SECONDS = 3;
const P99_MS = 50;

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

interface Round {
  /** ms from question to answer, 99th percentile. */
  readonly p99: number;
  readonly slowest: number;
  /** By how many ms the questions themselves were late, 99th percentile: what else the machine was busy with. */
  readonly late: number;
}

const p99 = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;

/** Asks at an even pace, whether answers come or not. */
async function round(url: string, account: string): Promise<Round> {
  const began = performance.now();
  const late: number[] = [];
  const asked: Promise<number>[] = [];
  for (let i = 0; i < PER_SECOND * SECONDS; i++) {
    const due = began + i * 1000 / PER_SECOND;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const sent = performance.now();
    late.push(sent - due);
    asked.push(
      ask(url, account).then((code) => {
        assert.equal(code, "0");
        return performance.now() - sent;
      }),
    );
  }
  const times = await Promise.all(asked);
  return { p99: p99(times), slowest: Math.max(...times), late: p99(late) };
}

const QUIET_MS = 10;
const MOST_ROUNDS = 6;

Deno.test(`a validation that looks up the checkout is answered within ${P99_MS} ms (p99) at ${PER_SECOND} a second`, async () => {
  await withProduct({}, async (product) => {
    const patched = await product.call("PATCH", `/v1/shortcodes/${paybill}`, { validation: { rule: "open_checkout" } });
    assert.equal(patched.status, 200);
    await createCheckout(product, { account_reference: "INV-1" });
    const url = await address(product);
    await round(url, "INV-1"); // warms up
    const rounds: Round[] = [];
    const good = ({ p99 }: Round) => p99 < P99_MS;
    while (rounds.length < MOST_ROUNDS && !rounds.some(good)) rounds.push(await round(url, "INV-1"));
    console.log(`p99 of ${PER_SECOND * SECONDS} validations: ${rounds.map((r) => r.p99.toFixed(1)).join(", ")} ms`);
    assert.ok(rounds.every(({ slowest }) => slowest < 8_000), "Safaricom waits 8 s");
    // A round in which the questions themselves came late tells of the machine, not of the service.
    const judged = rounds.filter((r) => r.late < QUIET_MS);
    assert.ok(judged.length === 0 || judged.some(good), `p99 was ${judged.map((r) => r.p99).join(", ")} ms`);
  });
});

async function withServer(test: (server: Sqld) => Promise<void>): Promise<void> {
  const server = await startSqld();
  await test(server).finally(() => server.stop());
}

Deno.test("while the database is stopped validations are answered by the configured default, well within 8 s", async () => {
  await withServer(async (server) => {
    const env = { DATABASE_URL: server.url, C2B_VALIDATION_WHEN_DOWN: "reject" };
    await withProduct({ env }, async (product) => {
      await product.call("PATCH", `/v1/shortcodes/${paybill}`, { validation: { rule: "open_checkout" } });
      await createCheckout(product, { account_reference: "INV-1" });
      const url = await address(product);
      assert.equal(await ask(url, "INV-1"), "0");
      await server.kill();
      const began = performance.now();
      assert.equal(await ask(url, "INV-1"), "C2B00016");
      assert.ok(performance.now() - began < 4_000);
      await server.restart();
      await product.waitFor(async () => await ask(url, "INV-1") === "0");
    });
  });
});
