import assert from "node:assert/strict";
import { shop, withSimulator } from "./harness.ts";

const path = "/oauth/v1/generate?grant_type=client_credentials";
const basic = (key: string, secret: string) => ({ headers: { authorization: `Basic ${btoa(`${key}:${secret}`)}` } });
const good = basic(shop.consumerKey, shop.consumerSecret);

Deno.test("a token has 28 characters and lives for the string 3599", () =>
  withSimulator(async (daraja) => {
    const answer = await daraja.send(path, good);
    assert.equal(answer.status, 200);
    assert.match(answer.json.access_token, /^[A-Za-z0-9]{28}$/);
    assert.equal(answer.json.expires_in, "3599");
  }));

Deno.test("a wrong secret gets an empty 400", () =>
  withSimulator(async (daraja) => {
    const answer = await daraja.send(path, basic(shop.consumerKey, "wrong"));
    assert.deepEqual([answer.status, answer.text], [400, ""]);
  }));

Deno.test("an Authorization that is not Basic gets 400.008.01", () =>
  withSimulator(async (daraja) => {
    for (const headers of [{}, { authorization: "Bearer x" }, { authorization: "Basic %%%" }]) {
      const answer = await daraja.send(path, { headers: new Headers(Object.entries(headers)) });
      assert.deepEqual([answer.status, answer.json.errorCode], [400, "400.008.01"]);
      assert.ok(answer.json.requestId);
    }
  }));

Deno.test("a grant type other than client_credentials, trailing space included, gets 400.008.02", () =>
  withSimulator(async (daraja) => {
    for (const grant of ["", "?grant_type=password", "?grant_type=client_credentials%20"]) {
      const answer = await daraja.send(`/oauth/v1/generate${grant}`, good);
      assert.deepEqual([answer.status, answer.json.errorCode], [400, "400.008.02"]);
    }
  }));

Deno.test("a new token voids the app's one before, and no other app's", () =>
  withSimulator(async (daraja) => {
    const first = await daraja.token();
    await daraja.send(path, basic("other-consumer-key", "other-consumer-secret"));
    assert.equal((await daraja.push("254711111111")).status, 200);
    const second = await daraja.send(path, good);
    assert.notEqual(second.json.access_token, first);
    const refused = await daraja.push("254711111111");
    assert.deepEqual([refused.status, refused.json.errorCode], [404, "404.001.03"]);
    assert.equal(refused.json.errorMessage, "Invalid Access Token");
  }));

Deno.test("a token expires after an hour", async () => {
  let now = Date.now();
  await withSimulator(async (daraja) => {
    await daraja.token();
    now += 3_599_000;
    assert.equal((await daraja.push("254711111111")).status, 200);
    now += 1_000;
    assert.equal((await daraja.push("254711111111")).status, 404);
  }, { now: () => now });
});

Deno.test("each proxy has its own words for a bad token", () =>
  withSimulator(async (daraja) => {
    const cases = [
      ["/mpesa/stkpush/v1/processrequest", 404, "404.001.03"],
      ["/mpesa/stkpushquery/v1/query", 404, "404.001.03"],
      ["/mpesa/reversal/v1/request", 404, "404.001.03"],
      ["/mpesa/b2c/v3/paymentrequest", 401, "401.002.01"],
      ["/mpesa/transactionstatus/v1/query", 401, "401.002.01"],
      ["/mpesa/accountbalance/v1/query", 401, "401.002.01"],
      ["/mpesa/c2b/v2/registerurl", 400, "400.003.01"],
      ["/pulltransactions/v1/query", 401, "401.001"],
      ["/mpesa/qrcode/v1/generate", 401, "401"],
    ] as const;
    for (const [at, status, code] of cases) {
      const answer = await daraja.send(at, { method: "POST", headers: { authorization: "Bearer stale" } });
      assert.deepEqual([at, answer.status, answer.json.errorCode], [at, status, code]);
      if (code === "401.002.01") {
        assert.equal(answer.json.errorMessage, "Error Occurred - Invalid Access Token - stale");
      }
    }
  }));

Deno.test("an app without the product gets 401.003.01", () =>
  withSimulator(async (daraja) => {
    const answer = await daraja.push("254711111111");
    assert.deepEqual([answer.status, answer.json.errorCode], [401, "401.003.01"]);
    assert.match(answer.json.errorMessage, /no apiproduct match found/);
  }, { shortcodes: [{ ...shop, products: ["b2c"] }] }));

Deno.test("a request without a token, or by another method, is told so", () =>
  withSimulator(async (daraja) => {
    const bare = await daraja.send("/mpesa/b2c/v3/paymentrequest", { method: "POST" });
    assert.deepEqual([bare.status, bare.json.errorCode], [404, "404.001.04"]);
    const get = await daraja.send("/mpesa/stkpush/v1/processrequest");
    assert.deepEqual([get.status, get.json.errorCode], [405, "405.001"]);
    const unknown = await daraja.send("/mpesa/nothing");
    assert.deepEqual([unknown.status, unknown.json.errorCode], [404, "404.001.01"]);
  }));
