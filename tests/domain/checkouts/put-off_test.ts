import assert from "node:assert/strict";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { inProcess } from "../../support/in-process.ts";

const MINUTE = 60_000;

Deno.test("a prompt whose queries are all put off by Daraja is unknown in the end, and not asked after for ever", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "254700009008" }); // 429 to each query; its callback is lost
    const asked = () => run.simulator.world.requests.list().filter(({ operation }) => operation === "stk_query").length;
    await run.pass(60 * MINUTE);
    assert.equal((await getCheckout(run, id)).attempts[0]?.status, "pending", "the plan is over, and is waited for");
    await run.pass(120 * MINUTE);
    const { status, attempts } = await getCheckout(run, id);
    assert.deepEqual([status, attempts[0]?.status], ["review", "unknown"]);
    const before = asked();
    await run.pass(24 * 60 * MINUTE);
    assert.equal(asked(), before);
  }, { callback: () => Response.json({}, { status: 503 }) }));
