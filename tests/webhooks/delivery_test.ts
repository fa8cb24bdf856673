import assert from "node:assert/strict";
import type { EndpointView } from "../../src/webhooks/endpoints/contract.ts";
import { hangUntilAborted } from "./fake-network.ts";
import { createEvent, deliveriesOf, hookUrl, register, until, verifyMessage, withFakeNetwork } from "./support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

Deno.test("an event is told to the endpoint that waits for it, signed as the standard says", () =>
  withFakeNetwork(async (run, network) => {
    const endpoint = await register(run);
    const checkout = await createEvent(run);
    await run.idle();
    assert.equal(network.received.length, 1);
    const [message] = network.received;
    assert.ok(message);
    const { url, address, headers, body, json } = message;
    assert.deepEqual([url, address], [hookUrl, "93.184.215.14"]);
    assert.deepEqual([json.type, json.subject, json.data.id], ["checkout.created", checkout, checkout]);
    assert.deepEqual(verifyMessage(run, endpoint.secret, message), json);
    const event = await run.call("GET", `/v1/events/${headers["webhook-id"]}`);
    const { timestamp, ...rest } = json;
    assert.deepEqual(event.body, rest);
    assert.equal(timestamp, json.created_at);
    const [delivery, ...more] = await deliveriesOf(run, endpoint.id);
    assert.deepEqual([delivery?.status, delivery?.request?.body, more], ["succeeded", body, []]);
    assert.equal(delivery?.version, 3, "it was stored, claimed and sent");
  }));

Deno.test("a failed delivery is tried ten times by the plan, each time with the same id and body", () =>
  withFakeNetwork(async (run, network) => {
    const endpoint = await register(run);
    const at: number[] = [];
    network.reply = () => {
      at.push(run.time.now());
      return { status: 500, body: "no" };
    };
    await createEvent(run);
    await run.pass(4 * DAY);
    const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    const plan = [5_000, 5 * MINUTE, 30 * MINUTE, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR)];
    assert.equal(gaps.length, plan.length);
    gaps.forEach((gap, i) => assert.ok(Math.abs(gap - (plan[i] ?? 0)) <= 1_000, `gap ${i} is ${gap}`));
    assert.equal(new Set(network.received.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.equal(new Set(network.received.map(({ body }) => body)).size, 1);
    const tries = await deliveriesOf(run, endpoint.id);
    assert.deepEqual(tries.map((one) => one.attempt), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.ok(tries.every((one) => one.status === "failed" && one.failure?.code === "status"));
    assert.equal(tries.at(-1)?.next_attempt_at, null);
    assert.equal(await run.count("jobs WHERE kind IN ('event', 'deliveries')"), 0);
  }));

Deno.test("a delivery that succeeds at a later try is not repeated, and the endpoint is well again", () =>
  withFakeNetwork(async (run, network) => {
    const endpoint = await register(run);
    network.reply = () => ({ status: network.received.length < 3 ? 503 : 200 });
    await createEvent(run);
    await run.pass(6_000);
    const failing = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${endpoint.id}`);
    assert.notEqual(failing.body.failing_since, null);
    await run.pass(4 * DAY);
    assert.equal(network.received.length, 3);
    assert.deepEqual((await deliveriesOf(run, endpoint.id)).map(({ status }) => status), [
      "failed",
      "failed",
      "succeeded",
    ]);
    const well = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${endpoint.id}`);
    assert.deepEqual([well.body.status, well.body.failing_since], ["enabled", null]);
    assert.equal((await deliveriesOf(run, endpoint.id)).at(-1)?.next_attempt_at, null);
    assert.equal(await run.count("jobs WHERE kind IN ('event', 'deliveries')"), 0);
  }));

Deno.test("an endpoint fails since the first of the failures that were under way at once", () =>
  withFakeNetwork(async (run, network) => {
    const endpoint = await register(run);
    const answers: (() => void)[] = [];
    network.reply = () => new Promise((resolve) => answers.push(() => resolve({ status: 500 })));
    const since = async () =>
      (await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${endpoint.id}`)).body.failing_since;
    await createEvent(run);
    await until(() => answers.length === 1);
    const first = new Date(run.time.now()).toISOString();
    run.time.skip(10_000);
    await createEvent(run, "order-2");
    await until(() => answers.length === 2);
    for (const answer of answers.splice(0)) answer();
    network.reply = () => ({ status: 500 });
    await run.idle();
    assert.equal(await since(), first);
  }));

Deno.test("only 2xx is success: a redirect is not followed and fails", () =>
  withFakeNetwork(async (run, network) => {
    const endpoint = await register(run);
    network.reply = () => ({ status: 302, headers: { location: "http://127.0.0.1/" } });
    await createEvent(run);
    await run.idle();
    assert.equal(network.received.length, 1);
    const [first] = await deliveriesOf(run, endpoint.id);
    assert.deepEqual([first?.status, first?.failure?.code, first?.response?.status], ["failed", "redirect", 302]);
    assert.notEqual(first?.next_attempt_at, null);
  }));

for (const status of [101, 199, 300, 304, 400, 404, 429, 500, 599]) {
  Deno.test(`an answer of ${status} is no success`, () =>
    withFakeNetwork(async (run, network) => {
      const endpoint = await register(run);
      network.reply = () => ({ status });
      await createEvent(run);
      await run.idle();
      assert.equal((await deliveriesOf(run, endpoint.id))[0]?.status, "failed");
    }));
}

Deno.test("410 disables the endpoint at once, with an event and an alert, and drops what waited for it", () =>
  withFakeNetwork(async (run, network) => {
    const gone = await register(run, { url: "https://gone.example/hook", events: ["checkout.created"] });
    const other = await register(run, { events: ["*"] });
    network.reply = ({ url }) => ({ status: url.includes("gone") && network.typesAt(url).length > 1 ? 410 : 500 });
    await createEvent(run, "a");
    await run.idle();
    network.reply = ({ url }) => ({ status: url.includes("gone") ? 410 : 200 });
    await createEvent(run, "b");
    await run.idle();
    const { body } = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${gone.id}`);
    assert.deepEqual([body.status, body.disabled_reason], ["disabled", "gone"]);
    assert.equal(run.logged("webhook_endpoint_disabled")[0]?.level, "alert");
    await run.pass(DAY);
    assert.ok(network.typesAt(hookUrl).includes("webhook_endpoint.disabled"));
    const statuses = (await deliveriesOf(run, gone.id)).map((one) => one.status).sort();
    assert.deepEqual(statuses, ["cancelled", "failed", "failed"]);
    await createEvent(run, "c");
    await run.pass(DAY);
    assert.equal(network.typesAt(gone.url).length, 2);
    assert.equal(await run.count(`deliveries WHERE endpoint_id = '${gone.id}' AND status = 'pending'`), 0);
    assert.notEqual(other.id, gone.id);
  }));

Deno.test("an endpoint that fails for 5 days is disabled with an event and an alert", () =>
  withFakeNetwork(async (run, network) => {
    const endpoint = await register(run, { events: ["checkout.created"] });
    const other = await register(run, { url: "https://other.example/hook", events: ["webhook_endpoint.disabled"] });
    network.reply = ({ url }) => ({ status: url === hookUrl ? 500 : 200 });
    for (let day = 0; day < 5; day++) {
      await createEvent(run, `day-${day}`);
      await run.pass(DAY - 1);
    }
    const before = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${endpoint.id}`);
    assert.equal(before.body.status, "enabled");
    await createEvent(run, "day-5");
    await run.pass(MINUTE);
    const after = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${endpoint.id}`);
    assert.deepEqual([after.body.status, after.body.disabled_reason], ["disabled", "failing"]);
    assert.deepEqual(network.typesAt(other.url), ["webhook_endpoint.disabled"]);
    assert.equal(run.logged("webhook_endpoint_disabled").length, 1);
    const sent = network.received.length;
    await run.pass(DAY);
    assert.equal(network.received.length, sent);
    const again = await run.call<EndpointView>("PATCH", `/v1/webhook-endpoints/${endpoint.id}`, { status: "enabled" });
    assert.deepEqual([again.body.status, again.body.disabled_reason, again.body.failing_since], [
      "enabled",
      null,
      null,
    ]);
  }));

Deno.test("Retry-After is honoured, for all that waits for the endpoint", () =>
  withFakeNetwork(async (run, network) => {
    await register(run);
    const began = run.time.now();
    const at: number[] = [];
    network.reply = () => {
      at.push(run.time.now() - began);
      return at.length === 1 ? { status: 429, headers: { "retry-after": "120" } } : { status: 200 };
    };
    await createEvent(run, "a");
    await run.idle();
    await createEvent(run, "b");
    await run.pass(100_000);
    assert.equal(at.length, 1);
    await run.pass(30_000);
    assert.equal(at.length, 3);
    assert.ok(at.slice(1).every((ms) => ms >= 120_000), String(at));
  }));

Deno.test("an endpoint that hangs is given up after the timeout and tried again", () =>
  withFakeNetwork(async (run, network) => {
    const endpoint = await register(run);
    network.reply = (_received, request) => hangUntilAborted(request);
    await createEvent(run);
    await run.idle();
    const [first] = await deliveriesOf(run, endpoint.id);
    assert.deepEqual([first?.status, first?.failure?.code, first?.response], ["failed", "timeout", null]);
    assert.ok((first?.duration_ms ?? 0) >= 90);
    network.reply = () => ({ status: 200 });
    await run.pass(6_000);
    assert.equal((await deliveriesOf(run, endpoint.id)).at(-1)?.status, "succeeded");
  }, { env: { WEBHOOK_TIMEOUT_MS: "100" } }));

Deno.test("an endpoint is told of the types that it chose, and of its own merchant's events only", () =>
  withFakeNetwork(async (run, network) => {
    await register(run, { events: ["checkout.cancelled"] });
    await register(run, { url: "https://foreign.example/hook" }, { client: "cli_other" });
    const id = await createEvent(run);
    await run.call("POST", `/v1/checkouts/${id}/cancel`);
    await run.idle();
    assert.deepEqual(network.typesAt(hookUrl), ["checkout.cancelled"]);
    assert.deepEqual(network.typesAt("https://foreign.example/hook"), []);
  }));

Deno.test("without endpoints an event makes no job and no delivery", () =>
  withFakeNetwork(async (run) => {
    const disabled = await register(run, { status: "disabled" });
    await createEvent(run);
    assert.equal(await run.count("jobs WHERE kind IN ('event', 'deliveries')"), 0);
    await run.idle();
    assert.deepEqual(await deliveriesOf(run, disabled.id), []);
  }));

Deno.test("what is remembered of an answer is short, and without secrets and phone numbers", () =>
  withFakeNetwork(async (run, network) => {
    const endpoint = await register(run);
    network.reply = ({ headers }) => ({
      status: 400,
      headers: { "content-type": "text/plain" },
      body: `${endpoint.secret} ${
        headers["webhook-signature"]
      } Bearer eyJhbGciOiJFZERTQSJ9.x 254712345678\u0000\u0007 ${"long ".repeat(2_000)}`,
    });
    await createEvent(run);
    await run.idle();
    const [first] = await deliveriesOf(run, endpoint.id);
    const body = first?.response?.body ?? "";
    assert.ok(body.length > 20 && body.length <= 500, body);
    assert.ok(
      !body.includes(endpoint.secret.slice(6, 30)) && !body.includes("254712345678") && !body.includes("\u0000"),
    );
    assert.ok(!JSON.stringify(run.lines).includes(endpoint.secret));
  }));
