import assert from "node:assert/strict";
import type { EventView } from "../../src/webhooks/events/contract.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { inProcess, type ProblemBody } from "../support/in-process.ts";

Deno.test("an event holds the object as it was after the change, without the page's secret or the whole phone", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    // Whether prompts fail is of the moment, so events do not carry it.
    const { hosted_url: _secret, prompts_failing: _now, ...shown } = await getCheckout(run, id);
    const asked = `/v1/events?type=checkout.succeeded&subject=${id}`;
    const { body } = await run.call<{ data: EventView[] }>("GET", asked);
    assert.deepEqual(body.data.map(({ type, subject }) => [type, subject]), [["checkout.succeeded", id]]);
    assert.deepEqual(body.data[0]?.data, shown);
    assert.doesNotMatch(JSON.stringify(body), /token=|712345678/);
  });
});

Deno.test("one event can be read by its id", async () => {
  await inProcess(async (run) => {
    await createCheckout(run);
    const { body } = await run.call<{ data: EventView[] }>("GET", "/v1/events");
    const [event] = body.data;
    assert.deepEqual((await run.call<EventView>("GET", `/v1/events/${event?.id}`)).body, event);
    const other = await run.call<ProblemBody>("GET", `/v1/events/${event?.id}`, undefined, { client: "cli_other" });
    assert.deepEqual([other.status, other.body.code], [404, "not_found"]);
  });
});

Deno.test("events and the audit trail can be neither changed nor taken back", async () => {
  await inProcess(async (run) => {
    await createCheckout(run);
    for (const sql of ["UPDATE events SET type = 'x'", "UPDATE audit SET action = 'x'", "DELETE FROM audit"]) {
      await assert.rejects(run.db.write([{ sql, args: [] }]), { name: "ConstraintError" }, sql);
    }
  });
});
