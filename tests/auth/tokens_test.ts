import assert from "node:assert/strict";
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import { importSigningKey, newSigningKey, type SigningKey } from "../../src/crypto/signing.ts";
import { createTokens, equalBytes, type Grant, hashSecret, newSecret } from "../../src/auth/tokens.ts";

const issuer = "https://pay.example.com";
const key = await newSigningKey("k2");
const olderKey = await newSigningKey("k1");
const startMs = 1_800_000_000_000;
const start = startMs / 1000;
const grant: Grant = {
  clientId: "cli_demo",
  merchantId: "mer_1",
  scopes: ["checkouts:read", "checkouts:write"],
  epoch: 0,
};
const claims: JWTPayload = {
  iss: issuer,
  aud: issuer,
  sub: "cli_demo",
  client_id: "cli_demo",
  merchant: "mer_1",
  scope: "checkouts:read",
  iat: start,
  exp: start + 600,
  jti: "j1",
  epoch: 0,
};

function service(keys: readonly [SigningKey, ...SigningKey[]] = [key]) {
  const clock = { ms: startMs, now: () => clock.ms };
  return createTokens({ keys, issuer, clock }).then((tokens) => ({ tokens, clock }));
}

async function forge(payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}, signer = key): Promise<string> {
  const { signing } = await importSigningKey(signer);
  return await new SignJWT(payload).setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid: "k2", ...header })
    .sign(signing);
}

async function refused(token: string | null, code: string, name?: string): Promise<void> {
  const { tokens } = await service();
  await assert.rejects(tokens.verify(token), { name: "TokenError", code }, name ?? token ?? "none");
}

const part = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });

Deno.test("an issued token names client, merchant and scopes, from the cache as at first", async () => {
  const { tokens } = await service();
  const { token, expiresIn } = await tokens.issue(grant);
  assert.equal(expiresIn, 600);
  for (const principal of [await tokens.verify(token), await tokens.verify(token)]) {
    assert.equal(principal.clientId, "cli_demo");
    assert.equal(principal.merchantId, "mer_1");
    assert.deepEqual([...principal.scopes], grant.scopes);
    assert.equal(principal.expiresAt, startMs + 600_000);
  }
});

Deno.test("the shape is that of RFC 9068, and a forged copy of it would pass if the key were ours", async () => {
  const { tokens } = await service();
  const { token } = await tokens.issue(grant);
  const [header, payload] = token.split(".").slice(0, 2).map((text) =>
    JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text, { alphabet: "base64url" })))
  );
  assert.deepEqual(header, { alg: "EdDSA", typ: "at+jwt", kid: "k2" });
  assert.deepEqual(Object.keys(payload).sort(), Object.keys(claims).sort());
  assert.equal((await tokens.verify(await forge(claims))).clientId, "cli_demo");
});

Deno.test("a token expires after its time, cached or not", async () => {
  const { tokens, clock } = await service();
  const { token } = await tokens.issue(grant);
  await tokens.verify(token);
  clock.ms += 604_000;
  await tokens.verify(token);
  clock.ms += 1000;
  await assert.rejects(tokens.verify(token), { code: "token_expired" });
  await assert.rejects(tokens.verify(token), { code: "token_expired" });
});

Deno.test("a token of an older key of the ring is accepted, of one that left it refused", async () => {
  const { tokens: before } = await service([olderKey]);
  const { token } = await before.issue(grant);
  await (await service([key, olderKey])).tokens.verify(token);
  await refused(token, "token_invalid");
});

Deno.test("no token, and what is no token, are told apart from a bad one", async () => {
  await refused(null, "token_missing");
  await refused("", "token_missing");
  for (const text of ["x", "a.b", "a.b.c", "....", "é.é.é", `${part({})}.${part({})}.`]) {
    await assert.rejects((await service()).tokens.verify(text), { name: "TokenError" }, text);
  }
  await refused("x", "token_malformed");
  await refused("a".repeat(100_000), "token_malformed", "too long");
});

Deno.test("an unsigned token is refused", async () => {
  const payload = part(claims);
  for (const alg of ["none", "None", "NONE"]) {
    await refused(`${part({ alg, typ: "at+jwt", kid: "k2" })}.${payload}.`, "token_invalid");
  }
  const { token } = await (await service()).tokens.issue(grant);
  await assert.rejects((await service()).tokens.verify(token.slice(0, token.lastIndexOf(".") + 1)), {
    name: "TokenError",
  });
});

Deno.test("a token signed by HS256 with the public key as secret is refused", async () => {
  for (const secret of [Uint8Array.fromBase64(key.x, { alphabet: "base64url" }), new TextEncoder().encode(key.x)]) {
    const token = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "k2" }).sign(secret);
    await refused(token, "token_invalid");
  }
});

Deno.test("a token of another type, issuer, audience or environment is refused", async () => {
  for (const typ of ["JWT", "jwt", "secevent+jwt"]) await refused(await forge(claims, { typ }), "token_invalid", typ);
  const { signing } = await importSigningKey(key);
  const untyped = await new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", kid: "k2" }).sign(signing);
  await refused(untyped, "token_invalid", "no typ");
  for (const other of ["https://staging.example.com", `${issuer}/`, "http://pay.example.com"]) {
    await refused(await forge({ ...claims, iss: other }), "token_invalid", other);
    await refused(await forge({ ...claims, aud: other }), "token_invalid", other);
  }
  const staging = await createTokens({
    keys: [key],
    issuer: "https://staging.example.com",
    clock: { now: () => startMs },
  });
  await refused((await staging.issue(grant)).token, "token_invalid", "another environment with the same key");
});

Deno.test("a token that is expired, not valid yet, from the future or lives too long is refused", async () => {
  await refused(await forge({ ...claims, iat: start - 700, exp: start - 100 }), "token_expired");
  await refused(await forge({ ...claims, nbf: start + 60 }), "token_invalid");
  await refused(await forge({ ...claims, iat: start + 61, exp: start + 661 }), "token_invalid");
  await refused(await forge({ ...claims, iat: start - 3600, exp: start + 86_400 }), "token_invalid");
  await refused(await forge({ ...claims, iat: start, exp: start + 601 }), "token_invalid");
});

Deno.test("a token of a process whose clock is ahead by as much as doctor allows is accepted", async () => {
  const { tokens } = await service();
  const principal = await tokens.verify(await forge({ ...claims, iat: start + 60, exp: start + 660 }));
  assert.equal(principal.clientId, "cli_demo");
});

Deno.test("a token of an unknown key or without a key id is refused", async () => {
  const stranger = await newSigningKey("k2");
  await refused(await forge(claims, {}, stranger), "token_invalid", "our kid, another key");
  await refused(await forge(claims, { kid: "k9" }), "token_invalid", "unknown kid");
  await refused(await forge(claims, { kid: "__proto__" }), "token_invalid");
  const { signing } = await importSigningKey(key);
  const bare = await new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", typ: "at+jwt" }).sign(signing);
  await refused(bare, "token_invalid", "no kid");
});

Deno.test("a key that a token brings along or points to is not used", async () => {
  const { d: _, ...jwk } = await newSigningKey("k9");
  const stranger = await newSigningKey("k9");
  const url = "https://attacker.example/jwks.json";
  for (const header of [{ jwk }, { jku: url }, { x5u: url }]) {
    await refused(await forge(claims, { kid: "k9", ...header }, stranger), "token_invalid");
    await refused(await forge(claims, header, stranger), "token_invalid");
  }
});

Deno.test("a critical header that we don't know is refused", async () => {
  const [, payload, signature] = (await forge(claims)).split(".");
  for (const header of [{ crit: ["exp"], exp: 1 }, { crit: ["b64"], b64: false }, { crit: [] }]) {
    const bent = `${part({ alg: "EdDSA", typ: "at+jwt", kid: "k2", ...header })}.${payload}.${signature}`;
    await assert.rejects((await service()).tokens.verify(bent), { name: "TokenError" });
  }
});

Deno.test("a token with a claim changed, missing or of the wrong type is refused", async () => {
  const [header, , signature] = (await forge(claims)).split(".");
  await refused(`${header}.${part({ ...claims, scope: "operator" })}.${signature}`, "token_invalid");
  for (const name of Object.keys(claims)) {
    if (name === "epoch") continue; // a token of the version before has none
    const { [name]: _, ...rest } = claims;
    await refused(await forge(rest), "token_invalid", name);
  }
  await refused(await forge({ ...claims, merchant: 7 }), "token_invalid");
  await refused(await forge({ ...claims, scope: ["operator"] }), "token_invalid");
  await refused(await forge({ ...claims, client_id: "cli_other" }), "token_invalid");
});

Deno.test("a scope that is not of ours is not granted", async () => {
  const { tokens } = await service();
  const principal = await tokens.verify(await forge({ ...claims, scope: "checkouts:read root  operator:all" }));
  assert.deepEqual([...principal.scopes], ["checkouts:read"]);
});

Deno.test("the published keys hold no private part", async () => {
  const { tokens } = await service([key, olderKey]);
  assert.deepEqual(tokens.jwks.keys.map(({ kid }) => kid), ["k2", "k1"]);
  for (const published of tokens.jwks.keys) {
    assert.deepEqual(Object.keys(published).sort(), ["alg", "crv", "kid", "kty", "use", "x"]);
  }
});

Deno.test("a secret has 256 bits and is compared by its hash", () => {
  const [one, two] = [newSecret(), newSecret()];
  assert.match(one, /^mls_[A-Za-z0-9_-]{43}$/);
  assert.notEqual(one, two);
  const [a, b] = [hashSecret(one), hashSecret(two)];
  assert.equal(a.length, 32);
  assert.ok(equalBytes(a, hashSecret(one)));
  assert.ok(!equalBytes(a, b));
  assert.ok(!equalBytes(a, a.subarray(0, 31)));
  assert.ok(!equalBytes(new Uint8Array(0), a));
});
