import assert from "node:assert/strict";
import { createTokenStore } from "../../src/daraja/token-store.ts";
import {
  type Answerer,
  APP,
  build,
  cipher,
  fakeDaraja,
  fixture,
  issueToken,
  memoryKeyValue,
  PUSH,
  stillClock,
  STK_ACK,
  tokenNumber,
} from "./support.ts";

const OAUTH = "/oauth/v1/generate";

/** As Daraja: issuing a token voids the one before; `refusal` says how a void one is refused. */
function oneTokenAtATime(refusal: () => Response): { readonly oauth: Answerer; readonly api: Answerer } {
  let valid = "";
  return {
    oauth(asked, nth) {
      valid = tokenNumber(nth);
      return issueToken(asked, nth);
    },
    api(asked) {
      return asked.headers.get("authorization") === `Bearer ${valid}` ? Response.json(STK_ACK) : refusal();
    },
  };
}

function invalidToken(): Response {
  return Response.json({ requestId: "1", errorCode: "404.001.03", errorMessage: "Invalid Access Token" }, {
    status: 404,
  });
}

Deno.test("fifty calls at once from two isolates make one token request", async () => {
  const { oauth, api } = oneTokenAtATime(invalidToken);
  await using server = fakeDaraja(api, oauth);
  const kv = memoryKeyValue();
  const isolates = [build(server.baseUrl, { kv }), build(server.baseUrl, { kv })];
  const calls = Array.from({ length: 50 }, (_, i) => isolates[i % 2]?.daraja.stkPush(APP, PUSH));
  const answers = await Promise.all(calls);
  assert.ok(answers.every((answer) => answer?.outcome === "accepted"));
  assert.equal(server.count(OAUTH), 1);
  assert.equal(server.count("/stkpush/"), 50);
});

Deno.test("the token request is Basic, by GET, with the grant type", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK));
  await build(server.baseUrl).daraja.authenticate(APP);
  const [asked] = server.asked;
  assert.equal(asked?.method, "GET");
  assert.equal(asked.path, `${OAUTH}?grant_type=client_credentials`);
  assert.equal(asked.headers.get("authorization"), `Basic ${btoa(`${APP.consumerKey}:${APP.consumerSecret}`)}`);
});

Deno.test("a token lies in the shared store sealed, under no readable key, and until a minute before its end", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK));
  const { daraja, kv, clock } = build(server.baseUrl);
  await daraja.stkPush(APP, PUSH);
  for (const [key, { value }] of kv.entries) {
    const text = key + new TextDecoder().decode(value ?? undefined);
    assert.ok(!text.includes(tokenNumber(1)) && !text.includes(APP.consumerKey), key);
  }
  clock.at += 3_538_000;
  await daraja.stkPush(APP, PUSH);
  assert.equal(server.count(OAUTH), 1);
  clock.at += 2_000;
  await daraja.stkPush(APP, PUSH);
  assert.equal(server.count(OAUTH), 2);
});

Deno.test("expires_in is read as number and as string", async () => {
  for (const expires_in of [3599, "3599"]) {
    await using server = fakeDaraja(
      () => new Response(),
      () => Response.json({ access_token: tokenNumber(1), expires_in }),
    );
    const { daraja, clock } = build(server.baseUrl);
    const answer = await daraja.authenticate(APP);
    assert.deepEqual(answer, { outcome: "accepted", value: { expiresAt: clock.now() + 3_539_000 } });
  }
});

Deno.test("each way of refusing a token makes exactly one new one, and the push goes through once more", async () => {
  const refusals: [number, string][] = [
    [404, '{"errorCode":"404.001.03","errorMessage":"Invalid Access Token"}'],
    [404, fixture("err-404.001.04.json")],
    [401, fixture("err-401.002.01-token-in-message.json")],
    [401, fixture("err-401.003.01-no-apiproduct.json")],
    [400, '{"errorCode":"400.003.01","errorMessage":"Invalid Access Token"}'],
    [401, '{"errorCode":"401.001","errorMessage":"Invalid Access Token"}'],
    [401, fixture("err-401-billmanager.json")],
    [401, ""],
  ];
  for (const [status, body] of refusals) {
    const once: Answerer = (_asked, nth) => nth === 1 ? new Response(body, { status }) : Response.json(STK_ACK);
    await using server = fakeDaraja(once);
    const answer = await build(server.baseUrl).daraja.stkPush(APP, PUSH);
    assert.equal(answer.outcome, "accepted", body);
    assert.equal(server.count(OAUTH), 2, body);
    assert.equal(server.count("/stkpush/"), 2, body);
    assert.equal(server.asked.at(-1)?.headers.get("authorization"), `Bearer ${tokenNumber(2)}`);
  }
});

Deno.test("a token that another isolate's refresh voided is replaced by that isolate's, without a new one", async () => {
  const { oauth, api } = oneTokenAtATime(invalidToken);
  await using server = fakeDaraja(api, oauth);
  const kv = memoryKeyValue();
  const first = build(server.baseUrl, { kv });
  const second = build(server.baseUrl, { kv });
  await first.daraja.stkPush(APP, PUSH); // token 1
  await second.daraja.stkPush(APP, PUSH);
  second.clock.at += 3_600_000; // only its own clock: refreshes early, and voids token 1
  await second.daraja.stkPush(APP, PUSH);
  assert.equal(server.count(OAUTH), 2);
  assert.equal((await first.daraja.stkPush(APP, PUSH)).outcome, "accepted");
  assert.equal(server.count(OAUTH), 2);
});

Deno.test("many calls refused for one token make one new one", async () => {
  const { oauth, api } = oneTokenAtATime(invalidToken);
  await using server = fakeDaraja(api, oauth);
  const kv = memoryKeyValue();
  const isolates = [build(server.baseUrl, { kv }), build(server.baseUrl, { kv })];
  for (const isolate of isolates) await isolate.daraja.authenticate(APP);
  await fetch(`${server.baseUrl}${OAUTH}`).then((response) => response.body?.cancel()); // someone else voids it
  const calls = Array.from({ length: 20 }, (_, i) => isolates[i % 2]?.daraja.stkPush(APP, PUSH));
  assert.ok((await Promise.all(calls)).every((answer) => answer?.outcome === "accepted"));
  assert.equal(server.count(OAUTH), 3);
});

Deno.test("a token refused twice is credentials_rejected, after two pushes and no more", async () => {
  await using server = fakeDaraja(invalidToken);
  const answer = await build(server.baseUrl).daraja.stkPush(APP, PUSH);
  assert.equal(answer.outcome === "rejected" && answer.code, "credentials_rejected");
  assert.equal(server.count("/stkpush/"), 2);
  assert.equal(server.count(OAUTH), 2);
});

Deno.test("a product the app lacks is named", async () => {
  await using server = fakeDaraja(() => new Response(fixture("err-401.003.01-no-apiproduct.json"), { status: 401 }));
  const answer = await build(server.baseUrl).daraja.stkPush(APP, PUSH);
  assert.equal(answer.outcome === "rejected" && answer.code, "product_not_enabled");
});

Deno.test("an empty 400 says that the key is wrong; nothing is pushed", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK), () => new Response(null, { status: 400 }));
  const answer = await build(server.baseUrl).daraja.stkPush(APP, PUSH);
  assert.equal(answer.outcome === "rejected" && answer.code, "credentials_rejected");
  assert.equal(server.count(OAUTH), 1);
  assert.equal(server.count("/stkpush/"), 0);
});

Deno.test("a token request is retried once, then the push is unreachable: it never left", async () => {
  const flaky: Answerer = (asked, nth) => nth === 1 ? new Response("<html>", { status: 503 }) : issueToken(asked, nth);
  await using server = fakeDaraja(() => Response.json(STK_ACK), flaky);
  assert.equal((await build(server.baseUrl).daraja.stkPush(APP, PUSH)).outcome, "accepted");
  assert.equal(server.count(OAUTH), 2);
  await using dead = fakeDaraja(() => Response.json(STK_ACK), () => new Response("<html>", { status: 503 }));
  const answer = await build(dead.baseUrl).daraja.stkPush(APP, PUSH);
  assert.deepEqual(answer, { outcome: "unreachable", reason: "token_unavailable" });
  assert.equal(dead.count(OAUTH), 2);
});

Deno.test("with the shared store down each process serves itself, with one request for many calls", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK));
  const down = (): Promise<never> => Promise.reject(new Error("store is down"));
  const kv = { get: down, set: down, delete: down, list: down };
  const { daraja } = build(server.baseUrl, { kv });
  const answers = await Promise.all(Array.from({ length: 10 }, () => daraja.stkPush(APP, PUSH)));
  assert.ok(answers.every((answer) => answer.outcome === "accepted"));
  assert.equal(server.count(OAUTH), 1);
});

Deno.test("a stored token that can't be opened is replaced", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK));
  const kv = memoryKeyValue();
  await build(server.baseUrl, { kv }).daraja.authenticate(APP);
  const broken = {
    seal: (bytes: Uint8Array) => Promise.resolve(bytes),
    open: () => Promise.reject(new Error("key gone")),
  };
  assert.equal((await build(server.baseUrl, { kv, cipher: broken }).daraja.stkPush(APP, PUSH)).outcome, "accepted");
  assert.equal(server.count(OAUTH), 2);
});

Deno.test("the lease of an isolate that died is waited for, and taken over when it has run out", async () => {
  await using server = fakeDaraja(() => Response.json(STK_ACK));
  const kv = memoryKeyValue();
  const clock = stillClock();
  const looked = Promise.withResolvers<void>();
  const leased = {
    ...kv,
    get: (key: readonly string[]) => kv.get(key).finally(() => key[1] === "lease" && looked.resolve()),
  };
  const dead = createTokenStore(kv, cipher, clock);
  const [appId = ""] = await appIdsOf(server.baseUrl);
  assert.ok(await dead.takeLease(appId));
  const waiting = build(server.baseUrl, { kv: leased, clock }).daraja.stkPush(APP, PUSH);
  await looked.promise;
  assert.equal(server.count(OAUTH), 0);
  clock.at += 15_001;
  assert.equal((await waiting).outcome, "accepted");
  assert.equal(server.count(OAUTH), 1);
});

/** The ids under which a client keeps its apps, learnt from the keys it asks for. */
async function appIdsOf(baseUrl: string): Promise<readonly string[]> {
  const ids: string[] = [];
  const kv = {
    ...memoryKeyValue(),
    get: (key: readonly string[]) => (ids.push(key[2] ?? ""), Promise.reject(new Error())),
  };
  await build(baseUrl, { kv, fetch: () => Promise.reject(new Error()) }).daraja.authenticate(APP);
  return ids;
}

Deno.test("a wrong secret never borrows the token of the right one", async () => {
  const checked: Answerer = (asked, nth) => {
    const right = asked.headers.get("authorization") === `Basic ${btoa(`${APP.consumerKey}:${APP.consumerSecret}`)}`;
    return right ? issueToken(asked, nth) : new Response(null, { status: 400 });
  };
  await using server = fakeDaraja(() => Response.json(STK_ACK), checked);
  const { daraja } = build(server.baseUrl);
  assert.equal((await daraja.authenticate(APP)).outcome, "accepted");
  assert.equal((await daraja.authenticate({ ...APP, consumerSecret: "wrong" })).outcome, "rejected");
});
