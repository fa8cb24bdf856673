import assert from "node:assert/strict";
import { sample, shape, shop, withSimulator } from "./harness.ts";

const path = "/mpesa/b2c/hakikisha/v1/hakikisha";
const ask = (msisdn: unknown, shortcode: unknown = Number(shop.number)) => ({
  header: { requestID: "req-1", timestamp: "1748933384" },
  body: { msisdn, shortcode },
});

Deno.test("the name check answers at once, and hides the later names", () =>
  withSimulator(async (daraja) => {
    const { status, json } = await daraja.call(path, ask("254712345678"));
    assert.equal(status, 200);
    assert.deepEqual(shape(json), shape(await sample("hakikisha-b2c-ok")));
    assert.deepEqual(json.body, { firstName: "achieng", middleName: "M******", lastName: "M******" });
    assert.equal(json.header.requestID, "req-1");
    assert.deepEqual(await daraja.books(), [], "no money moves");
  }));

Deno.test("the name check refuses a wrong phone, shortcode or form by its field", () =>
  withSimulator(async (daraja) => {
    const cases = [
      [ask("0712345678"), "msisdn"],
      [ask("254712345678", "600001"), "shortcode"],
      [{ body: {} }, "header"],
      [{ header: {} }, "body"],
    ] as const;
    for (const [body, field] of cases) {
      const { status, json } = await daraja.call(path, body);
      assert.deepEqual([status, json.errorMessage], [400, `Bad Request - Invalid ${field}`]);
    }
  }));

Deno.test("phones choose the faults of the name check", () =>
  withSimulator(async (daraja) => {
    const answers = [];
    for (const last of ["9031", "9032", "9033", "9034", "9036"]) {
      const { status, json } = await daraja.call(path, ask(`25471234${last}`));
      answers.push([status, json?.header?.status ?? null, json?.body?.firstName ?? null]);
    }
    assert.deepEqual(answers, [
      [503, null, null],
      [200, "404", null],
      [200, "200", "****"],
      [200, "200", null],
      [500, null, null],
    ]);
  }));
