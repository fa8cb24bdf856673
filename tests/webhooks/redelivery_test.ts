import assert from "node:assert/strict";
import type { DeliveryView } from "../../src/webhooks/deliveries/contract.ts";
import type { ProblemBody } from "../support/client.ts";
import { createEvent, deliveriesOf, register, withFakeNetwork } from "./support.ts";

const time = (ms: number): string => new Date(ms).toISOString();

Deno.test("an event is sent again to every endpoint that takes it, with the same id", () =>
  withFakeNetwork(async (run, network) => {
    const one = await register(run, { url: "https://one.example/hook" });
    await register(run, { url: "https://two.example/hook", events: ["*"] });
    await register(run, { url: "https://three.example/hook", events: ["checkout.succeeded"] });
    await createEvent(run);
    await run.idle();
    const [{ event }] = await deliveriesOf(run, one.id) as [DeliveryView];
    const again = await run.call<{ data: DeliveryView[] }>("POST", `/v1/events/${event}/redeliver`);
    assert.equal(again.status, 202);
    assert.deepEqual(again.body.data.map(({ cause, attempt, status }) => [cause, attempt, status]), [
      ["redelivery", 2, "pending"],
      ["redelivery", 2, "pending"],
    ]);
    await run.idle();
    assert.equal(network.received.length, 4);
    assert.deepEqual(new Set(network.received.map(({ headers }) => headers["webhook-id"])), new Set([event]));
    assert.deepEqual((await deliveriesOf(run, one.id)).map(({ status }) => status), ["succeeded", "succeeded"]);
  }));

Deno.test("redelivery pulls a waiting retry forward and begins its plan anew", () =>
  withFakeNetwork(async (run, network) => {
    const { id } = await register(run);
    network.reply = () => ({ status: 500 });
    await createEvent(run);
    await run.pass(400_000); // three tries; the next is half an hour away
    assert.equal(network.received.length, 3);
    const [{ event }] = await deliveriesOf(run, id) as [DeliveryView];
    await run.call("POST", `/v1/events/${event}/redeliver`);
    await run.idle();
    assert.equal(network.received.length, 4);
    await run.pass(6_000);
    assert.equal(network.received.length, 5);
    const pending = (await deliveriesOf(run, id)).filter(({ status }) => status === "pending");
    assert.equal(pending.length, 1);
  }));

Deno.test("all events since a time are sent again, also those the endpoint was disabled for", () =>
  withFakeNetwork(async (run, network) => {
    const { id } = await register(run);
    await createEvent(run, "too-old");
    await run.pass(1_000);
    const since = run.time.now();
    await createEvent(run, "had");
    await run.idle();
    await run.call("PATCH", `/v1/webhook-endpoints/${id}`, { status: "disabled" });
    await run.pass(1_000);
    await createEvent(run, "missed-1");
    await run.pass(1_000);
    await createEvent(run, "missed-2");
    const path = `/v1/webhook-endpoints/${id}/redeliver`;
    const disabled = await run.call<ProblemBody>("POST", path, { since: time(since) });
    assert.deepEqual([disabled.status, disabled.body.code], [409, "wrong_state"]);
    await run.call("PATCH", `/v1/webhook-endpoints/${id}`, { status: "enabled" });
    network.received.length = 0;
    const missed = await run.call("POST", path, { since: time(since), undelivered_only: true });
    assert.deepEqual([missed.status, missed.body], [202, { endpoint: id, events: 2 }]);
    await run.idle();
    const references = () => network.received.map(({ json }) => json.data.reference).sort();
    assert.deepEqual(references(), ["missed-1", "missed-2"]);
    network.received.length = 0;
    assert.equal((await run.call<{ events: number }>("POST", path, { since: time(since) })).body.events, 3);
    await run.idle();
    assert.deepEqual(references(), ["had", "missed-1", "missed-2"]);
    const part = await run.call<{ events: number }>("POST", path, { since: time(0), until: time(since - 1) });
    assert.equal(part.body.events, 1);
  }));

Deno.test("what can't be sent again is refused with the reason", () =>
  withFakeNetwork(async (run) => {
    const id = await createEvent(run);
    const { body } = await run.call<{ data: { id: string }[] }>("GET", `/v1/events?subject=${id}`);
    const none = await run.call<ProblemBody>("POST", `/v1/events/${body.data[0]?.id}/redeliver`);
    assert.deepEqual([none.status, none.body.code], [409, "wrong_state"]);
    assert.equal((await run.call("POST", "/v1/events/evt_unknown/redeliver")).status, 404);
    const endpoint = await register(run);
    const path = `/v1/webhook-endpoints/${endpoint.id}/redeliver`;
    for (const since of ["yesterday", 5, "2026-13-01T00:00:00Z", time(run.time.now() + 60_000)]) {
      const refused = await run.call<ProblemBody>("POST", path, { since });
      assert.deepEqual([refused.status, refused.body.errors?.[0]?.pointer], [422, "/since"], String(since));
    }
  }));
