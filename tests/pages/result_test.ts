import assert from "node:assert/strict";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from "jose";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";
import { shopping, type Visit } from "./shopper.ts";

async function back(visit: Visit): Promise<URL> {
  const { response } = await visit.shopper.go(`${visit.path}/return?token=${visit.token}`);
  assert.equal(response.status, 303);
  return new URL(response.headers.get("location") ?? "");
}

async function verify(run: InProcess, url: URL, audience: string) {
  const { body } = await run.call<JSONWebKeySet>("GET", "/.well-known/jwks.json", undefined, { client: null });
  const { payload } = await jwtVerify(url.searchParams.get("signature") ?? "", createLocalJWKSet(body), {
    typ: "result+jwt",
    issuer: publicUrl,
    audience,
    algorithms: ["EdDSA"],
    currentDate: new Date(run.time.now()),
  });
  return payload;
}

const merchantOf = async (run: InProcess): Promise<string> => String(decodeJwt(await run.token()).merchant);

Deno.test("the shopper goes back with a result that the shop can verify by the published keys", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { return_url: "https://shop.example/thanks?cart=7&status=mine#top" });
    await visit.prompt("0712345678");
    await run.pass();
    const url = await back(visit);
    assert.equal(url.origin + url.pathname + url.hash, "https://shop.example/thanks#top");
    const { signature, ...rest } = Object.fromEntries(url.searchParams);
    assert.deepEqual(rest, { cart: "7", status: "succeeded", checkout: visit.checkout.id, reference: "order-1001" });
    const payload = await verify(run, url, await merchantOf(run));
    assert.deepEqual(
      [payload.sub, payload["status"], payload["reference"], payload["amount"], payload["currency"]],
      [visit.checkout.id, "succeeded", "order-1001", 150_000, "KES"],
    );
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 600);
    assert.equal(decodeProtectedHeader(signature ?? "").typ, "result+jwt");
  }));

Deno.test("the result says what is, not what the shopper would like", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { return_url: "https://shop.example/" });
    assert.equal((await back(visit)).searchParams.get("status"), "open");
    await visit.prompt("0700001032");
    assert.equal((await back(visit)).searchParams.get("status"), "pending");
    await run.pass();
    assert.equal((await back(visit)).searchParams.get("status"), "open");
  }));

Deno.test("a result is for its merchant, for ten minutes, and opens nothing else", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { return_url: "https://shop.example/" });
    const url = await back(visit);
    await assert.rejects(verify(run, url, "mer_other"), errors.JWTClaimValidationFailed);
    const token = url.searchParams.get("signature") ?? "";
    const { status } = await run.call("GET", `/v1/checkouts/${visit.checkout.id}`, undefined, { token });
    assert.equal(status, 401);
    await run.pass(601_000);
    await assert.rejects(verify(run, url, await merchantOf(run)), errors.JWTExpired);
  }));

Deno.test("without a return_url there is no way back, and no link to one", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    assert.doesNotMatch((await visit.look()).html, /\/return\?/);
    assert.equal((await visit.shopper.go(`${visit.path}/return?token=${visit.token}`)).response.status, 404);
  }));
