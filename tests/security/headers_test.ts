import assert from "node:assert/strict";
import { inProcess, publicUrl } from "../support/in-process.ts";

const POLICY = [
  ["cross-origin-opener-policy", /^same-origin$/],
  ["cross-origin-resource-policy", /^same-origin$/],
  ["permissions-policy", /geolocation=\(\)/],
  ["referrer-policy", /^no-referrer$/],
  ["x-content-type-options", /^nosniff$/],
  ["x-frame-options", /^DENY$/],
  ["content-security-policy", /default-src 'none'.*frame-ancestors 'none'/],
  ["cache-control", /./],
] as const;

/** One of each kind of answer: JSON, text, page, file, redirect, error, refusal of every part. */
const ANSWERS: readonly (readonly [method: string, path: string, status: number])[] = [
  ["GET", "/health/live", 200],
  ["GET", "/health/ready", 200],
  ["GET", "/openapi.json", 200],
  ["GET", "/docs", 200],
  ["GET", "/llms.txt", 200],
  ["GET", "/problems/not_found", 200],
  ["GET", "/.well-known/jwks.json", 200],
  ["GET", "/pay/chk_1?token=x", 404],
  ["GET", "/assets/none.css", 404],
  ["GET", "/v1/checkouts", 401],
  ["POST", "/oauth/token", 400],
  ["POST", "/notify/0", 404],
  ["DELETE", "/health/live", 405],
  ["GET", "/nowhere", 404],
];

Deno.test("every answer has the same security headers, and https is kept to where the service has it", async () => {
  for (const https of [false, true]) {
    const origin = https ? "https://pay.example.com" : publicUrl;
    await inProcess(async (run) => {
      for (const [method, path, status] of ANSWERS) {
        const answer = await run.app.request(origin + path, { method });
        await answer.body?.cancel();
        assert.equal(answer.status, status, path);
        for (const [name, form] of POLICY) assert.match(answer.headers.get(name) ?? "", form, `${name} of ${path}`);
        const strict = answer.headers.get("strict-transport-security");
        assert.equal(strict, https ? "max-age=31536000" : null, path);
      }
    }, { env: { PUBLIC_URL: origin } });
  }
});

Deno.test("an answer with data of a merchant has them too", () =>
  inProcess(async (run) => {
    const { headers } = await run.call("GET", "/v1/checkouts");
    for (const [name, form] of POLICY) assert.match(headers.get(name) ?? "", form, name);
    assert.equal(headers.get("cache-control"), "no-store");
  }));
