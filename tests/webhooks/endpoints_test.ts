import assert from "node:assert/strict";
import type { EndpointView, EndpointWithSecret } from "../../src/webhooks/endpoints/contract.ts";
import type { DeliveryView } from "../../src/webhooks/deliveries/contract.ts";
import type { ProblemBody } from "../support/client.ts";
import { createEvent, deliveriesOf, hookUrl, register, withFakeNetwork } from "./support.ts";

const path = "/v1/webhook-endpoints";

Deno.test("an endpoint is made, read, listed, changed and removed; its secret is shown once", () =>
  withFakeNetwork(async (run) => {
    const made = await register(run, {
      events: ["checkout.succeeded", "checkout.succeeded", "*"],
      description: "Orders",
    });
    assert.match(made.id, /^whe_/);
    assert.match(made.secret, /^whsec_/);
    assert.deepEqual(made.events, ["checkout.succeeded", "*"]);
    const { secret: _secret, ...shown } = made;
    assert.deepEqual((await run.call("GET", `${path}/${made.id}`)).body, shown);
    const listed = await run.call<{ data: EndpointView[] }>("GET", path);
    assert.deepEqual(listed.body.data, [shown]);
    const changed = await run.call<EndpointView>("PATCH", `${path}/${made.id}`, {
      url: "https://shop.example/new",
      events: ["payout.failed"],
      description: null,
      status: "disabled",
    });
    assert.equal(changed.status, 200);
    const { url, events, description, status, disabled_reason } = changed.body;
    assert.deepEqual([url, events, description, status, disabled_reason], [
      "https://shop.example/new",
      ["payout.failed"],
      null,
      "disabled",
      "requested",
    ]);
    const removed = await run.call<EndpointView>("DELETE", `${path}/${made.id}`);
    assert.deepEqual([removed.status, removed.body.id], [200, made.id]);
    for (const [method, at] of [["GET", ""], ["DELETE", ""], ["GET", "/deliveries"], ["POST", "/test"]] as const) {
      assert.equal((await run.call(method, `${path}/${made.id}${at}`)).status, 404, `${method} ${at}`);
    }
    assert.deepEqual((await run.call<{ data: [] }>("GET", path)).body.data, []);
    assert.equal(await run.count("webhook_endpoints WHERE secret IS NOT NULL"), 0);
  }));

Deno.test("secrets are sealed at rest", () =>
  withFakeNetwork(async (run) => {
    const { secret } = await register(run);
    const rows = await run.sql("SELECT secret FROM webhook_endpoints");
    const text = new TextDecoder("latin1").decode(rows[0]?.[0] as Uint8Array); // a blob by its column
    assert.ok(!text.includes(secret.slice(6)));
    const rest = JSON.stringify([
      ...await run.sql("SELECT data FROM audit"),
      ...await run.sql("SELECT data FROM events"),
    ]);
    assert.ok(!rest.includes(secret));
  }));

Deno.test("wrong fields are named", () =>
  withFakeNetwork(async (run) => {
    const cases: [unknown, string][] = [
      [{ events: ["*"] }, "/url"],
      [{ url: 5, events: ["*"] }, "/url"],
      [{ url: "ftp://shop.example", events: ["*"] }, "/url"],
      [{ url: "https://a:b@shop.example", events: ["*"] }, "/url"],
      [{ url: `https://shop.example/${"x".repeat(2_100)}`, events: ["*"] }, "/url"],
      [{ url: hookUrl }, "/events"],
      [{ url: hookUrl, events: [] }, "/events"],
      [{ url: hookUrl, events: ["checkout.paid"] }, "/events/0"],
      [{ url: hookUrl, events: "checkout.succeeded" }, "/events"],
      [{ url: hookUrl, events: ["*"], description: "" }, "/description"],
      [{ url: hookUrl, events: ["*"], description: "x".repeat(201) }, "/description"],
      [{ url: hookUrl, events: ["*"], status: "paused" }, "/status"],
      [{ url: hookUrl, events: ["*"], secret: "whsec_mine" }, "/secret"],
    ];
    for (const [body, pointer] of cases) {
      const answer = await run.call<ProblemBody>("POST", path, body);
      const first = answer.body.errors?.[0]?.pointer;
      assert.deepEqual(
        [answer.status, answer.body.code, first],
        [422, "validation_failed", pointer],
        JSON.stringify(body),
      );
    }
    const { id } = await register(run);
    for (const [body, pointer] of [[{ events: [] }, "/events"], [{ url: "x" }, "/url"], [{ id: "whe_1" }, "/id"]]) {
      const answer = await run.call<ProblemBody>("PATCH", `${path}/${id}`, body);
      assert.deepEqual([answer.status, answer.body.errors?.[0]?.pointer], [422, pointer]);
    }
  }));

Deno.test("a merchant can neither see nor touch another's endpoints, deliveries and events", () =>
  withFakeNetwork(async (run) => {
    const { id } = await register(run);
    await createEvent(run);
    await run.idle();
    const event = (await deliveriesOf(run, id))[0]?.event ?? "";
    const foreign = { client: "cli_other" } as const;
    const calls: [string, string, unknown?][] = [
      ["GET", `${path}/${id}`],
      ["PATCH", `${path}/${id}`, { status: "disabled" }],
      ["DELETE", `${path}/${id}`],
      ["POST", `${path}/${id}/rotate-secret`],
      ["POST", `${path}/${id}/test`],
      ["GET", `${path}/${id}/deliveries`],
      ["POST", `${path}/${id}/redeliver`, { since: "2026-01-01T00:00:00Z" }],
      ["POST", `/v1/events/${event}/redeliver`],
    ];
    for (const [method, at, body] of calls) {
      const answer = await run.call<ProblemBody>(method, at, body, foreign);
      assert.deepEqual([answer.status, answer.body.code], [404, "not_found"], `${method} ${at}`);
    }
    assert.deepEqual((await run.call<{ data: [] }>("GET", path, undefined, foreign)).body.data, []);
  }));

Deno.test("reading takes webhooks:read, changing webhooks:write", () =>
  withFakeNetwork(async (run) => {
    const { id } = await register(run);
    const token = await run.token("cli_demo", "webhooks:read");
    assert.equal((await run.call("GET", `${path}/${id}`, undefined, { token })).status, 200);
    const calls: [string, string, unknown?][] = [
      ["POST", path, { url: hookUrl, events: ["*"] }],
      ["PATCH", `${path}/${id}`, {}],
      ["DELETE", `${path}/${id}`],
      ["POST", `${path}/${id}/rotate-secret`],
      ["POST", `${path}/${id}/test`],
      ["POST", `${path}/${id}/redeliver`, { since: "2026-01-01T00:00:00Z" }],
      ["POST", `/v1/events/evt_1/redeliver`],
    ];
    for (const [method, at, body] of calls) {
      const answer = await run.call<ProblemBody>(method, at, body, { token });
      assert.deepEqual([answer.status, answer.body.code], [403, "insufficient_scope"], `${method} ${at}`);
    }
    const none = await run.token("cli_demo", "checkouts:read");
    for (const at of [path, `${path}/${id}`, `${path}/${id}/deliveries`]) {
      assert.equal((await run.call("GET", at, undefined, { token: none })).status, 403, at);
      assert.equal((await run.call("GET", at, undefined, { client: null })).status, 401, at);
    }
  }));

Deno.test("a merchant has at most 50 endpoints", () =>
  withFakeNetwork(async (run) => {
    const made = await Promise.all(Array.from({ length: 50 }, (_, i) => register(run, { url: `${hookUrl}/${i}` })));
    const more = () => run.call<ProblemBody>("POST", path, { url: hookUrl, events: ["*"] });
    const refused = await more();
    assert.deepEqual([refused.status, refused.body.code], [422, "limit_exceeded"]);
    await run.call("DELETE", `${path}/${made[0]?.id}`);
    assert.equal((await more()).status, 201);
    assert.equal((await more()).status, 422);
    await register(run, {}, { client: "cli_other" });
  }));

Deno.test("the same Idempotency-Key makes one endpoint, and shows its secret no more", () =>
  withFakeNetwork(async (run) => {
    const body = { url: hookUrl, events: ["*"] };
    const [one, two] = [
      await run.call<EndpointWithSecret>("POST", path, body, { key: "k1" }),
      await run.call<EndpointWithSecret>("POST", path, body, { key: "k1" }),
    ];
    assert.deepEqual(two.body, { ...one.body, secret: "" });
    assert.equal(two.headers.get("idempotent-replayed"), "true");
    assert.equal(await run.count("webhook_endpoints"), 1);
  }));

Deno.test("a test event is sent once, signed, even to a disabled endpoint, and is in the log", () =>
  withFakeNetwork(async (run, network) => {
    const endpoint = await register(run, { status: "disabled" });
    network.reply = () => ({ status: 500, headers: { "content-type": "text/html" }, body: "<h1>down</h1>" });
    const tried = await run.call<DeliveryView>("POST", `${path}/${endpoint.id}/test`);
    assert.equal(tried.status, 200);
    const { status, cause, event_type, response, failure, next_attempt_at, request } = tried.body;
    assert.deepEqual([status, cause, event_type], ["failed", "test", "webhook_endpoint.test"]);
    assert.deepEqual([response, failure?.code, next_attempt_at], [
      { status: 500, body: "<h1>down</h1>" },
      "status",
      null,
    ]);
    assert.equal(request?.body, network.received[0]?.body);
    await run.pass(600_000);
    assert.equal(network.received.length, 1);
    assert.deepEqual(await deliveriesOf(run, endpoint.id), [tried.body]);
    assert.equal((await run.call("GET", `/v1/events/${tried.body.event}`)).status, 200);
  }));

Deno.test("a test event goes to its endpoint only", () =>
  withFakeNetwork(async (run, network) => {
    const one = await register(run, { url: "https://one.example/hook" });
    await register(run, { url: "https://two.example/hook", events: ["*"] });
    const tried = await run.call<DeliveryView>("POST", `${path}/${one.id}/test`);
    assert.equal(tried.body.status, "succeeded");
    await run.pass(60_000);
    assert.deepEqual(network.received.map(({ url }) => url), [one.url]);
  }));

Deno.test("disabling drops what waits, and nothing is sent until it is enabled again", () =>
  withFakeNetwork(async (run, network) => {
    const { id } = await register(run);
    network.reply = () => ({ status: 500 });
    await createEvent(run);
    await run.idle();
    await run.call("PATCH", `${path}/${id}`, { status: "disabled" });
    await createEvent(run);
    await run.pass(3_600_000);
    assert.equal(network.received.length, 1);
    assert.deepEqual((await deliveriesOf(run, id)).map(({ status }) => status), ["failed", "cancelled"]);
    await run.call("PATCH", `${path}/${id}`, { status: "enabled" });
    network.reply = () => ({ status: 200 });
    await createEvent(run);
    await run.idle();
    assert.equal(network.received.length, 2);
  }));

Deno.test("the log is filtered by status and event, and paged", () =>
  withFakeNetwork(async (run, network) => {
    const { id } = await register(run);
    network.reply = () => ({ status: network.received.length === 1 ? 500 : 200 });
    for (let i = 0; i < 3; i++) {
      await createEvent(run, `order-${i}`);
      await run.idle();
    }
    type Page = { data: DeliveryView[]; next_cursor: string | null };
    const get = async (query: string) => (await run.call<Page>("GET", `${path}/${id}/deliveries?${query}`)).body;
    const all = await get("");
    assert.equal(all.data.length, 4);
    assert.deepEqual((await get("status=pending")).data.map((one) => one.attempt), [2]);
    assert.equal((await get("status=succeeded")).data.length, 2);
    assert.equal((await get(`event=${all.data.at(-1)?.event}`)).data.length, 2);
    const first = await get("limit=3");
    const rest = await get(`limit=3&cursor=${first.next_cursor}`);
    assert.deepEqual([...first.data, ...rest.data], all.data);
  }));
