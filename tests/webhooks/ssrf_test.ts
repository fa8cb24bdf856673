import assert from "node:assert/strict";
import type { ProblemBody } from "../support/client.ts";
import type { DeliveryView } from "../../src/webhooks/deliveries/contract.ts";
import type { InProcess, InProcessOptions } from "../support/in-process.ts";
import type { FakeNetwork } from "./fake-network.ts";
import { createEvent, deliveriesOf, hookUrl, register, withFakeNetwork } from "./support.ts";

/** As in production: only public addresses, by https. */
const strict: InProcessOptions = {
  changeConfig: (config) => ({ ...config, webhooks: { ...config.webhooks, privateAllowed: false } }),
};

const inProduction = (name: string, test: (run: InProcess, network: FakeNetwork) => Promise<void>) =>
  Deno.test(name, () => withFakeNetwork(test, strict));

for (const address of ["127.0.0.1", "169.254.169.254", "10.1.2.3", "::1", "::ffff:169.254.169.254", "fd00::1"]) {
  inProduction(`nothing is sent to a name that resolves to ${address}`, async (run, network) => {
    const endpoint = await register(run);
    network.names = () => [address];
    await createEvent(run);
    await run.pass(400_000);
    assert.deepEqual(network.received, []);
    const tries = await deliveriesOf(run, endpoint.id);
    assert.ok(tries.length > 2);
    assert.ok(
      tries.slice(0, 3).every(({ failure, response }) => failure?.code === "address_refused" && response === null),
    );
  });
}

inProduction("each try looks the name up and judges it anew", async (run, network) => {
  await register(run);
  network.names = () => ["127.0.0.1"];
  await createEvent(run);
  await run.idle();
  network.names = () => ["93.184.215.14"];
  await run.pass(6_000);
  assert.deepEqual(network.received.map(({ address }) => address), ["93.184.215.14"]);
  assert.equal(network.lookups.length, 2);
});

inProduction(
  "a name that rebinds between check and connect leads to the address that was checked",
  async (run, network) => {
    const endpoint = await register(run);
    let looks = 0;
    network.names = () => (looks++ === 0 ? ["93.184.215.14"] : ["169.254.169.254"]);
    await createEvent(run);
    await run.idle();
    assert.equal(looks, 1);
    assert.deepEqual(network.received.map(({ address }) => address), ["93.184.215.14"]);
    assert.equal((await deliveriesOf(run, endpoint.id))[0]?.status, "succeeded");
  },
);

inProduction("one bad address among good ones refuses the name", async (run, network) => {
  await register(run);
  network.names = () => ["93.184.215.14", "192.168.0.1"];
  await createEvent(run);
  await run.idle();
  assert.deepEqual(network.received, []);
});

inProduction("a test event obeys the same rule, and says why", async (run, network) => {
  const endpoint = await register(run);
  network.names = () => ["127.0.0.1"];
  const tried = await run.call<DeliveryView>("POST", `/v1/webhook-endpoints/${endpoint.id}/test`);
  assert.deepEqual([tried.status, tried.body.status, tried.body.failure?.code], [200, "failed", "address_refused"]);
  assert.deepEqual(network.received, []);
});

inProduction("private places are refused at registration and at a change", async (run) => {
  const endpoint = await register(run);
  for (
    const url of ["http://shop.example/hook", "https://127.0.0.1/", "https://[::ffff:7f00:1]/", "https://localhost/"]
  ) {
    const made = await run.call<ProblemBody>("POST", "/v1/webhook-endpoints", { url, events: ["*"] });
    const path = `/v1/webhook-endpoints/${endpoint.id}`;
    const changed = await run.call<ProblemBody>("PATCH", path, { url });
    for (const { status, body } of [made, changed]) {
      assert.deepEqual([status, body.code, body.errors?.[0]?.pointer], [422, "validation_failed", "/url"], url);
    }
  }
});

Deno.test("in development this machine may be called, the metadata of a cloud not", () =>
  withFakeNetwork(async (run, network) => {
    await register(run, { url: "http://127.0.0.1:9/hook" });
    const bad = await run.call<ProblemBody>("POST", "/v1/webhook-endpoints", {
      url: "http://169.254.169.254/latest/meta-data",
      events: ["*"],
    });
    assert.equal(bad.status, 422);
    await register(run);
    network.names = () => ["169.254.169.254"];
    await createEvent(run);
    await run.idle();
    assert.deepEqual(network.received.map(({ url }) => url), ["http://127.0.0.1:9/hook"]);
    assert.notEqual(hookUrl, "");
  }));

inProduction("a name that only our network knows fails like one that nobody knows", async (run, network) => {
  const endpoint = await register(run);
  const failures = [];
  for (const addresses of [["10.1.2.3"], []]) {
    network.names = () => addresses;
    const { body } = await run.call<DeliveryView>("POST", `/v1/webhook-endpoints/${endpoint.id}/test`);
    failures.push(JSON.stringify(body.failure));
  }
  assert.equal(failures[0], failures[1]);
  assert.doesNotMatch(failures[0] ?? "", /10\.1\.2\.3|private/);
});
