import assert from "node:assert/strict";
import { createTokenStore } from "../../src/daraja/token-store.ts";
import { createTokenSource } from "../../src/daraja/token.ts";
import {
  APP,
  build,
  cipher,
  fakeDaraja,
  issueToken,
  memoryKeyValue,
  PUSH,
  rawJson,
  rawServer,
  stillClock,
  STK_ACK,
  tokenNumber,
} from "./support.ts";

const TOKEN = rawJson({ access_token: tokenNumber(1), expires_in: "3599" });
const common = {
  shortcode: "600997",
  initiator: { name: "testapi", securityCredential: "Y3JlZA==" },
  amount: 19_000,
  remarks: "Rent",
  resultUrl: "https://pay.example.co.ke/r",
  timeoutUrl: "https://pay.example.co.ke/t",
};

Deno.test("a payment to a business or to KRA whose answer is lost is ambiguous, and never sent again", async () => {
  await using server = rawServer((request) => request.startsWith("GET") ? TOKEN : null);
  const { daraja } = build(server.baseUrl);
  const pay = { ...common, receiver: "000001", accountReference: "19008", destination: "paybill" as const };
  assert.equal((await daraja.b2b(APP, pay)).outcome, "ambiguous");
  assert.equal((await daraja.remitTax(APP, { ...common, paymentRegistrationNumber: "353353" })).outcome, "ambiguous");
  assert.equal(server.requests.filter((request) => request.startsWith("POST")).length, 2);
});

Deno.test("a push is accepted only by ResponseCode 0, though the answer names a request", async () => {
  for (const ResponseCode of ["1", "500", null]) {
    await using server = fakeDaraja(() => Response.json({ ...STK_ACK, ResponseCode }));
    assert.equal((await build(server.baseUrl).daraja.stkPush(APP, PUSH)).outcome, "ambiguous", String(ResponseCode));
  }
});

Deno.test("a pull that Daraja did not run is not an empty list", async () => {
  const query = { shortcode: "600000", from: Date.UTC(2026, 10, 21), to: Date.UTC(2026, 10, 22), offset: 0 };
  for (const ResponseCode of ["500", "1002", "0"]) {
    await using server = fakeDaraja(() => Response.json({ ResponseCode, Response: [[]] }));
    assert.equal((await build(server.baseUrl).daraja.pullQuery(APP, query)).outcome, "ambiguous", ResponseCode);
  }
});

Deno.test("a token is dropped for the refusal of this token alone", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK));
  const deps = { baseUrl: server.baseUrl, fetch, clock: stillClock(), kv: memoryKeyValue(), cipher };
  const tokens = createTokenSource({ ...deps, queriesPerMinute: null, log: () => {} });
  const first = await tokens.get(APP);
  assert.ok(first.kind === "token");
  const second = await tokens.get(APP, first.token);
  assert.ok(second.kind === "token" && second.token !== first.token);
  const late = await tokens.get(APP, first.token); // a slow call with the old token is refused only now
  assert.deepEqual(late, second);
  assert.equal(server.count("/oauth/"), 2);
});

Deno.test("a process that gets the lease reads the store once more, because the last holder may have stored a token", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK), issueToken);
  const [clock, kv] = [stillClock(), memoryKeyValue()];
  const deps = { baseUrl: server.baseUrl, fetch, clock, cipher, queriesPerMinute: null, log: () => {} };
  const other = createTokenSource({ ...deps, kv });
  let stored: Awaited<ReturnType<typeof other.get>> | null = null;
  const late = {
    ...kv,
    /** Another process stores its token between the look into the store and the lease. */
    async get(key: readonly string[]) {
      if (stored === null && key[1] === "lease") stored = await other.get(APP);
      return await kv.get(key);
    },
  };
  const tokens = createTokenSource({ ...deps, kv: late });
  assert.deepEqual(await tokens.get(APP), stored);
  assert.equal(server.count("/oauth/"), 1);
});

Deno.test("a process whose lease ran out does not release the lease of the next holder", async () => {
  const [clock, kv] = [stillClock(), memoryKeyValue()];
  const store = createTokenStore(kv, cipher, clock);
  const first = await store.takeLease("app");
  clock.at += 16_000;
  const second = await store.takeLease("app");
  assert.ok(first !== null && second !== null);
  await first.releaseLease();
  assert.equal(await store.takeLease("app"), null, "the second still holds it");
  await second.releaseLease();
  assert.notEqual(await store.takeLease("app"), null);
});
