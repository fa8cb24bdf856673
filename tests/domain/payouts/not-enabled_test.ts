import assert from "node:assert/strict";
import { inProcess } from "../../support/in-process.ts";
import { createPayout, getPayout } from "../../support/payouts.ts";

const MINUTE = 60_000;
const isB2c = (request: Request) => request.url.includes("/b2c/");
const noProduct = () =>
  Response.json({ requestId: "1", errorCode: "403.002.1001", errorMessage: "Access denied." }, { status: 403 });

Deno.test("an app without B2C v3 fails the payout with the setting to change, and alerts once for all of them", () => {
  let sent = 0;
  return inProcess(async (run) => {
    const { id } = await createPayout(run);
    await createPayout(run, { phone_number: "254711111111" });
    await createPayout(run, { phone_number: "254722222222" });
    await run.pass(15 * MINUTE);
    const payout = await getPayout(run, id);
    assert.deepEqual([payout.status, payout.failure?.code, payout.result_code, sent], [
      "failed",
      "product_not_enabled",
      "403.002.1001",
      3,
    ]);
    assert.match(payout.result_description ?? "", /DARAJA_B2C_VERSION=v1/);
    const alerts = run.lines.filter(({ level }) => level === "alert");
    assert.deepEqual(alerts.map(({ event }) => event), ["payout_refused"]);
    await run.pass(60 * MINUTE);
    await createPayout(run, { phone_number: "254733333333" });
    await run.pass(MINUTE);
    assert.equal(
      run.logged("payout_refused").filter(({ level }) => level === "alert").length,
      2,
      "an hour later again",
    );
  }, {
    daraja: (request) => {
      if (!isB2c(request)) return null;
      sent++;
      return noProduct();
    },
  });
});

Deno.test("a 403 after a request that may have been taken leaves the payout in doubt", () => {
  let sent = 0;
  return inProcess(async (run) => {
    const { id } = await createPayout(run);
    await run.pass(50 * MINUTE);
    assert.ok(sent > 1, "the same id was sent again, since Transaction Status had not found it");
    assert.equal((await getPayout(run, id)).status, "in_doubt");
  }, {
    daraja: (request) => {
      if (!isB2c(request)) return null;
      sent++;
      return sent === 1 ? new Response("<html></html>", { status: 502 }) : noProduct();
    },
  });
});

Deno.test("a bare 403 leaves the payout in doubt: nobody knows which machine answered", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run);
    await run.pass(MINUTE);
    assert.equal((await getPayout(run, id)).status, "in_doubt");
  }, { daraja: (request) => isB2c(request) ? new Response("<html></html>", { status: 403 }) : null }));
