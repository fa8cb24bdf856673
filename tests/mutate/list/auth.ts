import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "auth";
const signatures = ["tests/auth/message-signatures_test.ts", "tests/security/signed-payouts_test.ts"];
const tokens = ["tests/auth/tokens_test.ts"];
const access = ["tests/security/client-access_test.ts"];
const outside = ["tests/security/outside-issuers_test.ts"];
const standing = ["tests/security/standing_test.ts"];
const oauth = ["tests/domain/merchants/oauth_test.ts", ...access];

/** Faults in who may call: tokens, keys of clients (DPoP, private_key_jwt), signed requests, outside issuers. */
export const auth: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/auth/dpop.ts", tests: access }, [
    [
      'if (htm !== method) throw new DpopError("htm is not the method of this request");',
      "",
      "a proof serves POST too",
    ],
    [" || bare(htu) !== bare(url)", "", "a proof for one address serves another"],
    ["if (token !== null && ath !== hashOf(token))", "if (false)", "a proof serves a stolen token of the same key"],
    ["maxTokenAge: MAX_AGE_SECONDS,", "", "a proof that was seen long ago counts"],
    ['      typ: "dpop+jwt",\n', "", "an assertion passes for a proof"],
    ['if (!isFirst) throw new DpopError("it was used before; make one for each request");', "", "a proof counts twice"],
    ['["dpop", thumbprint, jti]', '["dpop", thumbprint]', "one proof of a key uses up all of them"],
    ["(MAX_AGE_SECONDS + 2 * TOLERANCE_SECONDS) * 1000", "MAX_AGE_SECONDS", "a proof counts again after a moment"],
    ["return url === null", "return text", "an address with a query is another address"],
  ]),
  ...mutationsOf({ area, file: "src/auth/used-once.ts", tests: access }, [
    ["if ((this.#here.get(key) ?? 0) > now) return false;", "", "without the shared store a proof counts twice"],
    [
      'return await this.kv.set(["used", key], NOTHING, { expiresInMs: forMs, ifVersion: null });',
      "return true;",
      "a proof counts once in each process",
    ],
    ["      return true;\n", "      return false;\n", "without the shared store nobody gets in"],
  ]),
  ...mutationsOf({ area, file: "src/auth/client-assertion.ts", tests: access }, [
    ["      issuer: clientId,\n", "", "somebody else's assertion counts"],
    ["named.some((one) => !audiences.includes(one))", "false", "an assertion for another service counts here"],
    ["if (exp * 1000 > now + MAX_LIFETIME_SECONDS * 1000) {", "if (false) {", "an assertion lives for ever"],
    [
      'if (!TYPES.has(protectedHeader.typ)) throw new AssertionError("its typ is another one");',
      "",
      "a DPoP proof or an access token passes for an assertion",
    ],
    ['typeof jti !== "string" || jti === ""', "false", "an assertion without a name counts"],
    ["clockTolerance: TOLERANCE_SECONDS,", "clockTolerance: 3_600,", "an assertion counts an hour after its end"],
  ]),
  ...mutationsOf({ area, file: "src/domain/merchants/authenticate-client.ts", tests: oauth }, [
    ['client === null || client.status !== "active"', "client === null", "a revoked client gets tokens"],
    ["if (access === null) throw refused(unknown);", "", "a key that was written into the database signs in"],
    ["if (!isSecretOf(client, proof.secret, now)) throw refused(unknown);", "", "any secret is right"],
    ['if (access.client_assertion === "required") {', "if (false) {", "a client that signs gets in by its secret"],
    ['if (!isFromAllowed(access, c.get("address"))) {', "if (false) {", "a token is given to any address"],
    ["if (use !== null) await storeUse(services, use, refused);", "", "an assertion counts twice"],
    [
      "countRequest(c, failures, `client ${proof.id}`);",
      "",
      "the secrets of a client are tried from many addresses",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/merchants/client-proof.ts", tests: oauth }, [
    [
      'if (header !== undefined || form.has("client_secret")) {',
      "if (false) {",
      "two proofs, and one is not looked at",
    ],
    [
      'if (form.has("client_id") && form.get("client_id") !== id) {',
      "if (false) {",
      "a client_id that is not the assertion's passes",
    ],
    ["if (header !== undefined && secret !== null) {", "if (false) {", "two secrets, and one is not looked at"],
  ]),
  ...mutationsOf({ area, file: "src/domain/merchants/oauth.ts", tests: oauth }, [
    ['?.status === "disabled"', '?.status === "none"', "a disabled merchant gets tokens", [...standing, ...oauth]],
    [
      "const refused = wanted.filter((scope) => !allowed.some((one) => one === scope));",
      "const refused: string[] = [];",
      "a client gives itself any scope",
    ],
    [
      'if (proof === undefined && access.dpop === "allowed") return null;',
      "if (proof === undefined) return null;",
      "a client that needs a key gets a token without",
    ],
    ["    keyThumbprint,\n  });", "  });", "a token that was asked for with a proof is bound to no key"],
    ["if (repeated !== undefined) {", "if (false) {", "of two parameters one is not looked at"],
  ]),
  ...mutationsOf({ area, file: "src/auth/client-access.ts", tests: access }, [
    [
      "equalBytes(await vault.open(seal, placeOf(id)), hashOf(access)) ? access : null",
      "access",
      "a key that was written into the database signs in",
    ],
    ["if (seal === null) return null;", "if (seal === null) return access;", "access without a seal is believed"],
    ["base.kind() === from.kind() && from.match(base, bits)", "base.kind() === from.kind()", "any address is allowed"],
    [
      "if (!ipaddr.isValid(bare)) return false;",
      "if (!ipaddr.isValid(bare)) return true;",
      "no address is any address",
    ],
  ]),
  ...mutationsOf({ area, file: "src/auth/message-signatures.ts", tests: signatures }, [
    [
      'if (new Set(names).size < names.length) throw new SignatureError("a component is named twice");',
      "",
      "a component that is named twice is not refused",
    ],
    [" || more.size > 0", "", "a parameter of a component is left out of what is verified"],
    ["if (algorithm !== null && algorithm !== name) return false;", "", "the caller chooses the algorithm"],
    [
      "return await crypto.subtle.verify(parameters[key.kty], imported, signature, new TextEncoder().encode(base));",
      "return true;",
      "a signature is not verified",
    ],
    ["if (made.toHex() !== new Uint8Array(value).toHex()) return false;", "", "another body is paid than was signed"],
    ["return known > 0;", "return true;", "a digest by an unknown hash proves a body"],
    ['      return target.search === "" ? "?" : target.search;', '      return "?";', "the query is not signed"],
    ["name !== name.toLowerCase() || value === null", "false", "a header that is absent counts as signed"],
    ["inputs.size > MAX_SIGNATURES", "false", "a thousand signatures are verified", undefined, false],
  ]),
  ...mutationsOf({ area, file: "src/http/request-signature.ts", tests: signatures }, [
    ['if (!isGiven && isRequired) throw refuse("it has no signature");', "", "a client that signs pays without"],
    ["requireCover(one, Math.floor(clock.now() / 1000));", "", "what was signed is not this request, or long ago"],
    [
      "if (!await isSignedBy(one, key)) throw refuse(`the signature is not of the key ${key.kid}`);",
      "",
      "anybody signs for a client",
    ],
    [
      'if (!await isDigestOfBody(c.req.header("content-digest") ?? "", body)) {',
      "if (false) {",
      "another body is paid than was signed",
    ],
    ['"content-digest", "idempotency-key"]', '"content-digest"]', "a signed payout is sent again under another key"],
    [
      '["@method", "@target-uri", "content',
      '["@method", "content',
      "what was signed for one address counts at another",
    ],
    ["|| created < now - MAX_AGE_SECONDS", "", "a signed request counts days later"],
    ["created > now + AHEAD_SECONDS ||", "", "a request is signed for next year"],
    ["expires !== null && expires < now", "false", "a signature counts after its end"],
  ]),
  ...mutationsOf({ area, file: "src/http/authenticate.ts", tests: [...access, ...standing] }, [
    [
      'await requireProof(c, access, { principal, token, isDpop: scheme.toLowerCase() === "dpop", ...own });',
      "",
      "a stolen token that is bound to a key counts",
    ],
    ["if (!bound.isDpop) {", "if (false) {", "a bound token is sent as a bearer token"],
    ["if (proven !== keyThumbprint) throw", "if (false) throw", "a proof of any key serves a stolen token"],
    ['bound.dpop === "allowed" && !bound.isDpop', "true", "a client that needs a key calls without"],
    ['if (!isFromAllowed(own, c.get("address"))) {', "if (false) {", "a stolen token counts from anywhere"],
    ["CHECKED_AT_ONCE.has(scope)", "false", "a revoked client pays out for 5 s more"],
  ]),
  ...mutationsOf({ area, file: "src/auth/standings.ts", tests: standing }, [
    ["standing.epoch !== epoch || ", "", "tokens of before a rotation count", [
      ...standing,
      "tests/domain/merchants/clients_test.ts",
    ]],
    ["!standing.active || ", "", "a revoked client goes on"],
    [" || standing.access === null", "", "a changed access counts as none", access],
    ["if (!standing.merchantActive) throw merchantDisabled();", "", "a disabled merchant pays out"],
    ["!fresh && known", "known", "a revoked client pays out for 5 s more"],
    ["const BELIEVED_MS = 5_000;", "const BELIEVED_MS = 5_000_000;", "a revoked client reads for an hour"],
  ]),
  ...mutationsOf({ area, file: "src/auth/tokens.ts", tests: tokens }, [
    ["        typ: TOKEN_TYPE,\n", "", "a signed receipt passes for a token"],
    ["        audience: issuer,\n", "", "a token for another service counts"],
    [" &&\n    exp <= iat + LIFETIME_SECONDS", "", "a token lives for ever"],
    [
      "if (clock.now() < principal.expiresAt + TOLERANCE_SECONDS * 1000) return principal;",
      "return principal;",
      "a token that was seen once never ends",
    ],
    ["client_id === sub &&", "", "a token names two clients"],
    [" || Object.keys(others).length > 0", "", "a token that is bound to a certificate counts without it"],
    [
      'if (typeof jkt !== "string" || Object.keys(others).length > 0) throw new TokenError("token_invalid");',
      'if (typeof jkt !== "string") return null;',
      "a token whose binding can't be read is bound to nothing",
    ],
  ]),
  ...mutationsOf({ area, file: "src/auth/outside/outside-tokens.ts", tests: outside }, [
    ["        audience: settings.audience,\n", "", "a token for another service counts here"],
    ["        maxTokenAge: settings.maxAgeSeconds,\n", "", "an old token counts"],
    ["!isAccessToken || ", "", "an ID token passes for an access token"],
    ["allow.includes(one)", "true", "an issuer gives scopes that the settings do not allow"],
    ["Math.min(exp, iat + settings.maxAgeSeconds)", "exp", "a token lives longer than the settings allow"],
    ["merchant.values.get(value) ?? null", "value", "an issuer chooses any merchant"],
    [
      "if (now >= claims.expiresAt + TOLERANCE_SECONDS * 1000)",
      "if (false)",
      "a token that was seen counts after its end",
    ],
    [
      "const BELIEVED_MS = 5 * 60_000;",
      "const BELIEVED_MS = 5 * 3_600_000;",
      "a key that was removed counts for hours",
    ],
    ['keyThumbprint: thumbprintOf(payload["cnf"]),', "keyThumbprint: null,", "a bound token counts without its key"],
  ]),
  ...mutationsOf({ area, file: "src/auth/outside/outside-subjects.ts", tests: outside }, [
    [
      "[subject.issuer, subject.subject, subject.merchantId]",
      "[subject.issuer, subject.subject]",
      "a subject acts for the merchant that it had first",
    ],
    [
      "[subject.issuer, subject.subject, subject.merchantId]",
      "[subject.subject, subject.merchantId]",
      "two issuers' subjects of one name are one",
    ],
    [
      'if (await first(this.db, selectMerchant(subject.merchantId)) === null) throw new TokenError("token_invalid");',
      "",
      "a token acts for a merchant that there is not",
      undefined,
      false,
    ],
  ]),
];
