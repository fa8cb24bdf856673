import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import type { Summary } from "../../../src/domain/reports/contract.ts";
import { estimateFee, paybillTariffs, type TariffName } from "../../../src/daraja/tariffs.ts";
import { estimateOfPaymentSql, estimateSql } from "../../../src/domain/reports/estimate-sql.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";

async function idOf(run: InProcess, wanted: string): Promise<string> {
  const { body } = await run.call<{ data: { id: string; number: string }[] }>("GET", "/v1/shortcodes");
  return body.data.find(({ number }) => number === wanted)?.id ?? "";
}

Deno.test("with the paybill's tariff each payment and payout tells its fee, and the report adds the same up", () =>
  inProcess(async (run) => {
    await createCheckout(run, { amount: 150_000, phone_number: "0712345678" });
    await createCheckout(run, { amount: 50_000, phone_number: "0712345679", shortcode: "500000" });
    const payout = { amount: 20_000, currency: "KES", phone_number: "0712345678", reference: "e", purpose: "salary" };
    await run.call("POST", "/v1/payouts", payout);
    await run.pass();
    const feesOf = async () => {
      const { body } = await run.call<{ data: PaymentView[] }>("GET", "/v1/payments");
      return body.data.map(({ shortcode, fee_estimate: fee }) => [shortcode, fee]).sort();
    };
    const estimated = async () => (await run.call<Summary>("GET", "/v1/reports/summary")).body.total.fees_estimated;
    assert.deepEqual(await feesOf(), [["500000", null], ["600000", null]]);
    const payouts = await run.call<{ data: PayoutView[] }>("GET", "/v1/payouts");
    assert.deepEqual(payouts.body.data.map(({ fee_estimate: fee }) => fee), [500]);
    assert.equal(await estimated(), 500);

    const path = `/v1/shortcodes/${await idOf(run, "600000")}`;
    const set = await run.call<{ tariff: string }>("PATCH", path, { tariff: "mgao" });
    assert.deepEqual([set.status, set.body.tariff], [200, "mgao"]);
    assert.deepEqual(await feesOf(), [["500000", null], ["600000", 500]]);
    assert.equal(await estimated(), 1_000);
    const cleared = await run.call<{ tariff: null }>("PATCH", path, { tariff: null });
    assert.deepEqual([cleared.status, cleared.body.tariff], [200, null]);
    assert.equal(await estimated(), 500);
  }));

Deno.test("a till has no tariff, an unknown one is refused, and another merchant's shortcode is not found", () =>
  inProcess(async (run) => {
    const till = `/v1/shortcodes/${await idOf(run, "500000")}`;
    const refused = await run.call<ProblemBody>("PATCH", till, { tariff: "mgao" });
    assert.deepEqual([refused.status, refused.body.errors?.[0]?.pointer], [422, "/tariff"]);
    const paybill = `/v1/shortcodes/${await idOf(run, "600000")}`;
    const unknown = await run.call<ProblemBody>("PATCH", paybill, { tariff: "cheap" });
    assert.deepEqual([unknown.status, unknown.body.errors?.[0]?.pointer], [422, "/tariff"]);
    assert.equal((await run.call("PATCH", paybill, { tariff: "mgao" }, { client: "cli_other" })).status, 404);
    const token = await run.token("cli_demo", "payments:read");
    assert.equal((await run.call("PATCH", paybill, { tariff: "mgao" }, { client: null, token })).status, 403);
  }));

Deno.test("SQL and code estimate alike at each end of each band", () =>
  inProcess(async (run) => {
    const names: readonly TariffName[] = [...paybillTariffs, "b2c"];
    const times = [Date.parse("2023-12-31T20:59:59Z"), Date.parse("2023-12-31T21:00:00Z"), run.time.now()];
    const ends = [49, 100, 500, 1_000, 1_500, 2_500, 5_000, 20_000, 45_000, 250_000].map((kes) => kes * 100);
    for (const name of names) {
      for (const at of times) {
        for (const amount of ends.flatMap((end) => [end, end + 1])) {
          const sql = name === "b2c" ? estimateSql(name, "?1", "?2") : estimateOfPaymentSql(`'${name}'`, "?1", "?2");
          const [[found] = []] = await run.sql(`SELECT ${sql}`, amount, at);
          assert.equal(found, estimateFee(name, amount, at), `${name} ${amount} ${at}`);
        }
      }
    }
  }));
