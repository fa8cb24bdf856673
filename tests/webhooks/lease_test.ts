import assert from "node:assert/strict";
import { recordResult } from "../../src/webhooks/deliveries/record-result.ts";
import { selectEndpoint } from "../../src/webhooks/endpoints/store.ts";
import { first } from "../../src/db/query.ts";
import { fanOut } from "../../src/webhooks/deliveries/fan-out.ts";
import { claimDue } from "../../src/webhooks/deliveries/store.ts";
import type { InProcess } from "../support/in-process.ts";
import { createEvent, deliveriesOf, register, until, withFakeNetwork } from "./support.ts";

Deno.test("an event does not wait for a request that hangs, while the endpoint may have more requests", () =>
  withFakeNetwork(async (run, network) => {
    await register(run);
    const hanging = Promise.withResolvers<void>();
    network.reply = async ({ json }) => {
      if (json.data.reference === "hangs") await hanging.promise;
      return { status: 204 };
    };
    await createEvent(run, "hangs");
    await until(() => network.received.length === 1);
    await createEvent(run, "quick");
    await until(() => network.received.length === 2);
    hanging.resolve();
    await run.idle();
  }));

/** A pending delivery, as a worker sees it that claims it. */
async function claim(run: InProcess, endpointId: string, lease: string) {
  const now = run.time.now();
  const query = claimDue(endpointId, lease, now, now + 60_000, 10);
  const [result] = await run.db.write([query]);
  const [claimed] = (result?.rows ?? []).map(query.map);
  const endpoint = await first(run.db, selectEndpoint(endpointId));
  if (claimed === undefined || endpoint === null) throw new Error("nothing to claim");
  return { claimed, endpoint };
}

const result = (run: InProcess, failure: "timeout" | null) => ({
  failure,
  status: failure === null ? 204 : null,
  response: null,
  retryAfterMs: null,
  startedAt: run.time.now(),
  durationMs: 10,
} as Parameters<typeof recordResult>[3]);

/** A worker claims a delivery and stalls past its lease; another claims it; the first wakes up with its result. */
async function takenOver(run: InProcess, failure: "timeout" | null) {
  const { id } = await register(run);
  await createEvent(run);
  const rows = await run.sql("SELECT subject_id FROM jobs WHERE kind = 'event'");
  await fanOut(run.services, rows.map(([event]) => String(event)));
  const stale = await claim(run, id, "stale");
  run.time.skip(61_000);
  const other = await claim(run, id, "other");
  await recordResult(run.services, stale.endpoint, stale.claimed, result(run, failure));
  return { id, other };
}

Deno.test("a failure that comes after its lease is not recorded, and not tried again: another worker has the delivery", () =>
  withFakeNetwork(async (run) => {
    const { id, other } = await takenOver(run, "timeout");
    assert.deepEqual((await deliveriesOf(run, id)).map(({ status }) => status), ["pending"]);
    assert.equal((await first(run.db, selectEndpoint(id)))?.failing_since, null);
    await recordResult(run.services, other.endpoint, other.claimed, result(run, null));
    assert.deepEqual((await deliveriesOf(run, id)).map(({ status }) => status), ["succeeded"]);
    await recordResult(run.services, other.endpoint, other.claimed, result(run, "timeout"));
    assert.deepEqual((await deliveriesOf(run, id)).map(({ status }) => status), ["succeeded"]);
  }, { withoutJobs: true }));

Deno.test("a success that comes after its lease is recorded: the endpoint has the event", () =>
  withFakeNetwork(async (run) => {
    const { id, other } = await takenOver(run, null);
    assert.deepEqual((await deliveriesOf(run, id)).map(({ status }) => status), ["succeeded"]);
    await recordResult(run.services, other.endpoint, other.claimed, result(run, "timeout"));
    assert.deepEqual((await deliveriesOf(run, id)).map(({ status }) => status), ["succeeded"]);
  }, { withoutJobs: true }));
