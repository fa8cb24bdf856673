import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import type { EndpointView } from "../../src/webhooks/endpoints/contract.ts";
import { hang } from "./fake-network.ts";
import { happen, hook, log, register, withOutside } from "./support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

Deno.test("an event is told to the endpoint that waits for it, signed as the standard says", () =>
  withOutside(async (run, outside) => {
    const endpoint = await register(run);
    const checkout = await happen(run);
    await run.idle();
    assert.equal(outside.received.length, 1);
    const [{ url, address, headers, body, json }] = outside.received as [typeof outside.received[0]];
    assert.deepEqual([url, address], [hook, "93.184.215.14"]);
    assert.deepEqual([json.type, json.subject, json.data.id], ["checkout.created", checkout, checkout]);
    assert.deepEqual(new Webhook(endpoint.secret).verify(body, headers), json);
    const event = await run.call("GET", `/v1/events/${headers["webhook-id"]}`);
    const { timestamp, ...rest } = json;
    assert.deepEqual(event.body, rest);
    assert.equal(timestamp, json.created_at);
    const [delivery, ...more] = await log(run, endpoint.id);
    assert.deepEqual([delivery?.status, delivery?.request?.body, more], ["succeeded", body, []]);
  }));

Deno.test("a failed delivery is tried ten times by the plan, each time with the same id and body", () =>
  withOutside(async (run, outside) => {
    const endpoint = await register(run);
    const at: number[] = [];
    outside.reply = () => {
      at.push(run.time.now());
      return { status: 500, body: "no" };
    };
    await happen(run);
    await run.pass(4 * DAY);
    const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    const plan = [5_000, 5 * MINUTE, 30 * MINUTE, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR)];
    assert.equal(gaps.length, plan.length);
    gaps.forEach((gap, i) => assert.ok(Math.abs(gap - (plan[i] ?? 0)) <= 1_000, `gap ${i} is ${gap}`));
    assert.equal(new Set(outside.received.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.equal(new Set(outside.received.map(({ body }) => body)).size, 1);
    const tries = await log(run, endpoint.id);
    assert.deepEqual(tries.map((one) => one.attempt), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.ok(tries.every((one) => one.status === "failed" && one.failure?.code === "status"));
    assert.equal(tries.at(-1)?.next_attempt_at, null);
    assert.equal(await run.count("jobs WHERE kind IN ('event', 'deliveries')"), 0);
  }));

Deno.test("a delivery that succeeds at a later try is not repeated, and the endpoint is well again", () =>
  withOutside(async (run, outside) => {
    const endpoint = await register(run);
    outside.reply = () => ({ status: outside.received.length < 3 ? 503 : 200 });
    await happen(run);
    await run.pass(6_000);
    const failing = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${endpoint.id}`);
    assert.notEqual(failing.body.failing_since, null);
    await run.pass(4 * DAY);
    assert.equal(outside.received.length, 3);
    assert.deepEqual((await log(run, endpoint.id)).map(({ status }) => status), ["failed", "failed", "succeeded"]);
    const well = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${endpoint.id}`);
    assert.deepEqual([well.body.status, well.body.failing_since], ["enabled", null]);
  }));

Deno.test("only 2xx is success: a redirect is not followed and fails", () =>
  withOutside(async (run, outside) => {
    const endpoint = await register(run);
    outside.reply = () => ({ status: 302, headers: { location: "http://127.0.0.1/" } });
    await happen(run);
    await run.idle();
    assert.equal(outside.received.length, 1);
    const [first] = await log(run, endpoint.id);
    assert.deepEqual([first?.status, first?.failure?.code, first?.response?.status], ["failed", "redirect", 302]);
    assert.notEqual(first?.next_attempt_at, null);
  }));

for (const status of [101, 199, 300, 304, 400, 404, 429, 500, 599]) {
  Deno.test(`an answer of ${status} is no success`, () =>
    withOutside(async (run, outside) => {
      const endpoint = await register(run);
      outside.reply = () => ({ status });
      await happen(run);
      await run.idle();
      assert.equal((await log(run, endpoint.id))[0]?.status, "failed");
    }));
}

Deno.test("410 disables the endpoint at once, with an event and an alert, and drops what waited for it", () =>
  withOutside(async (run, outside) => {
    const gone = await register(run, { url: "https://gone.example/hook", events: ["checkout.created"] });
    const other = await register(run, { events: ["*"] });
    outside.reply = ({ url }) => ({ status: url.includes("gone") && outside.types(url).length > 1 ? 410 : 500 });
    await happen(run, "a");
    await run.idle();
    outside.reply = ({ url }) => ({ status: url.includes("gone") ? 410 : 200 });
    await happen(run, "b");
    await run.idle();
    const { body } = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${gone.id}`);
    assert.deepEqual([body.status, body.disabled_reason], ["disabled", "gone"]);
    assert.equal(run.logged("webhook_endpoint_disabled")[0]?.level, "alert");
    await run.pass(DAY);
    assert.ok(outside.types(hook).includes("webhook_endpoint.disabled"));
    const statuses = (await log(run, gone.id)).map((one) => one.status).sort();
    assert.deepEqual(statuses, ["cancelled", "failed", "failed"]);
    await happen(run, "c");
    await run.pass(DAY);
    assert.equal(outside.types(gone.url).length, 2);
    assert.equal(await run.count(`deliveries WHERE endpoint_id = '${gone.id}' AND status = 'pending'`), 0);
    assert.notEqual(other.id, gone.id);
  }));

Deno.test("an endpoint that fails for 5 days is disabled with an event and an alert", () =>
  withOutside(async (run, outside) => {
    const endpoint = await register(run, { events: ["checkout.created"] });
    const other = await register(run, { url: "https://other.example/hook", events: ["webhook_endpoint.disabled"] });
    outside.reply = ({ url }) => ({ status: url === hook ? 500 : 200 });
    for (let day = 0; day < 5; day++) {
      await happen(run, `day-${day}`);
      await run.pass(DAY - 1);
    }
    const before = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${endpoint.id}`);
    assert.equal(before.body.status, "enabled");
    await happen(run, "day-5");
    await run.pass(MINUTE);
    const after = await run.call<EndpointView>("GET", `/v1/webhook-endpoints/${endpoint.id}`);
    assert.deepEqual([after.body.status, after.body.disabled_reason], ["disabled", "failing"]);
    assert.deepEqual(outside.types(other.url), ["webhook_endpoint.disabled"]);
    assert.equal(run.logged("webhook_endpoint_disabled").length, 1);
    const sent = outside.received.length;
    await run.pass(DAY);
    assert.equal(outside.received.length, sent);
    const again = await run.call<EndpointView>("PATCH", `/v1/webhook-endpoints/${endpoint.id}`, { status: "enabled" });
    assert.deepEqual([again.body.status, again.body.disabled_reason, again.body.failing_since], [
      "enabled",
      null,
      null,
    ]);
  }));

Deno.test("Retry-After is honoured, for all that waits for the endpoint", () =>
  withOutside(async (run, outside) => {
    await register(run);
    const began = run.time.now();
    const at: number[] = [];
    outside.reply = () => {
      at.push(run.time.now() - began);
      return at.length === 1 ? { status: 429, headers: { "retry-after": "120" } } : { status: 200 };
    };
    await happen(run, "a");
    await run.idle();
    await happen(run, "b");
    await run.pass(100_000);
    assert.equal(at.length, 1);
    await run.pass(30_000);
    assert.equal(at.length, 3);
    assert.ok(at.slice(1).every((ms) => ms >= 120_000), String(at));
  }));

Deno.test("an endpoint that hangs is given up after the timeout and tried again", () =>
  withOutside(async (run, outside) => {
    const endpoint = await register(run);
    outside.reply = (_received, request) => hang(request);
    await happen(run);
    await run.idle();
    const [first] = await log(run, endpoint.id);
    assert.deepEqual([first?.status, first?.failure?.code, first?.response], ["failed", "timeout", null]);
    assert.ok((first?.duration_ms ?? 0) >= 90);
    outside.reply = () => ({ status: 200 });
    await run.pass(6_000);
    assert.equal((await log(run, endpoint.id)).at(-1)?.status, "succeeded");
  }, { env: { WEBHOOK_TIMEOUT_MS: "100" } }));

Deno.test("an endpoint is told of the types that it chose, and of its own merchant's events only", () =>
  withOutside(async (run, outside) => {
    await register(run, { events: ["checkout.cancelled"] });
    await register(run, { url: "https://foreign.example/hook" }, { client: "cli_other" });
    const id = await happen(run);
    await run.call("POST", `/v1/checkouts/${id}/cancel`);
    await run.idle();
    assert.deepEqual(outside.types(hook), ["checkout.cancelled"]);
    assert.deepEqual(outside.types("https://foreign.example/hook"), []);
  }));

Deno.test("without endpoints an event makes no job and no delivery", () =>
  withOutside(async (run) => {
    const disabled = await register(run, { status: "disabled" });
    await happen(run);
    assert.equal(await run.count("jobs WHERE kind IN ('event', 'deliveries')"), 0);
    await run.idle();
    assert.deepEqual(await log(run, disabled.id), []);
  }));

Deno.test("what is remembered of an answer is short, and without secrets and phone numbers", () =>
  withOutside(async (run, outside) => {
    const endpoint = await register(run);
    outside.reply = ({ headers }) => ({
      status: 400,
      headers: { "content-type": "text/plain" },
      body: `${endpoint.secret} ${
        headers["webhook-signature"]
      } Bearer eyJhbGciOiJFZERTQSJ9.x 254712345678\u0000\u0007 ${"long ".repeat(2_000)}`,
    });
    await happen(run);
    await run.idle();
    const [first] = await log(run, endpoint.id);
    const body = first?.response?.body ?? "";
    assert.ok(body.length > 20 && body.length <= 500, body);
    assert.ok(
      !body.includes(endpoint.secret.slice(6, 30)) && !body.includes("254712345678") && !body.includes("\u0000"),
    );
    assert.ok(!JSON.stringify(run.lines).includes(endpoint.secret));
  }));
