import assert from "node:assert/strict";
import { checkoutBody } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../support/in-process.ts";

const returnUrl = (run: InProcess, url: string) =>
  run.call<ProblemBody & { return_url: string }>("POST", "/v1/checkouts", checkoutBody({ return_url: url }));

Deno.test("a return address has no user name and no password, which would hide its host", () =>
  inProcess(async (run) => {
    for (const url of ["https://shop.example@evil.example/", "https://a:b@shop.example/", "https://:b@shop.example/"]) {
      const { status, body } = await returnUrl(run, url);
      assert.deepEqual([status, body.errors?.[0]?.pointer], [422, "/return_url"], url);
    }
  }));

Deno.test("a return address is stored as browsers read it", () =>
  inProcess(async (run) => {
    const forms = {
      "https:\\\\evil.example\\.shop.example/": "https://evil.example/.shop.example/",
      "HTTPS://Shop.Example:443/a/../b": "https://shop.example/b",
      "https://sho\tp.example/": "https://shop.example/",
      "https://b\u00fccher.example/": "https://xn--bcher-kva.example/",
      "https://shop.example/thanks?a=1#top": "https://shop.example/thanks?a=1#top",
    };
    for (const [url, stored] of Object.entries(forms)) {
      const { status, body } = await returnUrl(run, url);
      assert.deepEqual([status, body.return_url], [201, stored], url);
    }
    const long = `https://shop.example/${"\u20ac".repeat(1_000)}`; // nine characters each when it is normalised
    assert.equal((await returnUrl(run, long)).status, 422);
  }));

const ask = async (run: InProcess, basic: string, form: Record<string, string>) => {
  const answer = await run.app.request(`${publicUrl}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(basic)}` },
    body: new URLSearchParams({ grant_type: "client_credentials", ...form }),
  });
  return [answer.status, (await answer.json()).error];
};

Deno.test("a client names itself once: Basic with another client_id in the form is refused", () =>
  inProcess(async (run) => {
    const invalid = [400, "invalid_request"];
    assert.deepEqual(await ask(run, "cli_demo:demo-secret", { client_id: "cli_operator" }), invalid);
    assert.deepEqual(await ask(run, "cli_demo:demo-secret", { client_id: "" }), invalid);
    assert.deepEqual(await ask(run, "cli_demo:demo-secret", { client_secret: "demo-secret" }), invalid);
    assert.deepEqual(await ask(run, "cli_demo:demo-secret", { client_id: "cli_demo" }), [200, undefined]);
  }));
