import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { personId, signIn } from "../support/console.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { createPayout } from "../support/payouts.ts";

const at = `/console/m/${DEMO_MERCHANT}`;

const denied = async (run: InProcess) =>
  (await run.sql("SELECT actor, subject_id, data FROM audit WHERE action = 'access.denied' ORDER BY seq"))
    .map(([actor, subject, data]) => [actor, subject, JSON.parse(String(data))]);

Deno.test("a page or form of the console that a person is refused is in the trail, once a minute", () =>
  inProcess(async (run) => {
    const finance = await signIn(run, "finance@demo.test");
    const person = personId("finance@demo.test");
    const { id } = await createPayout(run, { amount: 2_500_000 });
    const statuses: number[] = [];
    const go = async (path: string) => void statuses.push((await finance.go(path)).response.status);

    await go(`${at}/people`);
    await go(`${at}/people`);
    statuses.push((await finance.submit(`${at}/payouts/${id}/cancel`, { csrf: "of another session" })).status);
    assert.deepEqual(statuses, [403, 403, 403]);
    const page = { operation: "page people", code: "insufficient_scope" };
    const form = { operation: "form payouts/:id/cancel", code: "form_not_ours" };
    assert.deepEqual(await denied(run), [[person, "page people", page], [person, id, form]]);

    await run.time.pass(61_000, () => Promise.resolve());
    await go(`${at}/people`);
    await go(`${at}/payouts`);
    assert.equal(statuses.at(-1), 200);
    assert.deepEqual((await denied(run)).slice(2), [[person, "page people", { ...page, repeats: 1 }]]);
  }, { withoutJobs: true }));
