import assert from "node:assert/strict";
import { exportJWK, generateKeyPair } from "jose";
import { isMalipoError, Malipo } from "../../src/client/mod.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { baseUrl, clientOf } from "./support.ts";

/** Gives `cli_demo` a key by which it has to prove itself, and bound tokens; the operator has its scopes for that. */
async function requireKeys(run: InProcess, publicKey: CryptoKey): Promise<void> {
  await run.db.write([{
    sql: "UPDATE clients SET scopes = (SELECT scopes FROM clients WHERE id = 'cli_demo') WHERE id = 'cli_operator'",
    args: [],
  }, {
    sql: "UPDATE clients SET scopes = json_insert(scopes, '$[#]', 'operator') WHERE id = 'cli_operator'",
    args: [],
  }]);
  const access = {
    client_assertion: "required",
    assertion_keys: [{ ...await exportJWK(publicKey), kid: "k1" }],
    dpop: "required",
  };
  const { status, body } = await run.call("PATCH", "/v1/clients/cli_demo", { access }, { client: "cli_operator" });
  assert.equal(status, 200, JSON.stringify(body));
}

for (const alg of ["EdDSA", "ES256", "RS256"]) {
  Deno.test(`the client signs its requests for tokens and proves its key with each request: ${alg}`, () =>
    inProcess(async (run) => {
      const pair = await generateKeyPair(alg, { extractable: true });
      await requireKeys(run, pair.publicKey);
      const seen: Request[] = [];
      const options = { clientKey: { privateKey: pair.privateKey, kid: "k1" }, dpop: true };
      const malipo = clientOf(run, async (request, next) => {
        seen.push(request.clone());
        // the client has the time of this machine, and its proofs are of now
        await run.time.pass(Math.max(0, Date.now() - run.time.now()), () => Promise.resolve());
        return await next(request);
      }, options);
      await malipo.checkouts.create({ amount: 100_000, currency: "KES", reference: "r" });
      const page = await malipo.checkouts.list({ reference: "r" });
      assert.equal(page.data.length, 1);
      const [token, create, list] = seen;
      assert.equal(token?.headers.get("authorization"), null, "no secret is sent");
      assert.match(create?.headers.get("authorization") ?? "", /^DPoP /);
      assert.notEqual(create?.headers.get("dpop"), list?.headers.get("dpop"));
      const plain = clientOf(run, (request, next) => next(request), { retries: 0 });
      await assert.rejects(
        Promise.resolve(plain.checkouts.list()),
        (error) => isMalipoError(error) && error.status === 401,
      );
    }, { startMs: Date.now(), withoutJobs: true }));
}

Deno.test("a client with neither secret nor key says what it needs", () => {
  assert.throws(
    () => new Malipo({ clientId: "cli_demo", clientSecret: "", baseUrl }),
    (error) => isMalipoError(error) && error.code === "not_configured" && /clientSecret/.test(error.message),
  );
});
