import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { happen, hook, log, register, withOutside } from "./support.ts";

Deno.test("an event is told to the endpoint that waits for it, signed as the standard says", () =>
  withOutside(async (run, outside) => {
    const endpoint = await register(run);
    const checkout = await happen(run);
    await run.idle();
    assert.equal(outside.received.length, 1);
    const [{ url, address, headers, body, json }] = outside.received as [typeof outside.received[0]];
    assert.equal(url, hook);
    assert.equal(address, "93.184.215.14");
    assert.equal(json.type, "checkout.created");
    assert.equal(json.subject, checkout);
    assert.equal(json.data.id, checkout);
    const told = new Webhook(endpoint.secret).verify(body, headers);
    assert.deepEqual(told, json);
    const event = await run.call("GET", `/v1/events/${headers["webhook-id"]}`);
    const { timestamp, ...rest } = json;
    assert.deepEqual(event.body, rest);
    assert.equal(timestamp, json.created_at);
    const [delivery, ...more] = await log(run, endpoint.id);
    assert.equal(more.length, 0);
    assert.equal(delivery?.status, "succeeded");
    assert.equal(delivery?.request?.body, body);
  }));
