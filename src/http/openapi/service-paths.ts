import { ASSERTION_TYPE, CLIENT_ALGORITHMS } from "../../auth/client-assertion.ts";
import { z } from "zod";
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from "zod-openapi";
import { SCOPES } from "../../auth/scopes.ts";
import { problemResponses } from "./problems.ts";

const json = <S extends z.ZodType>(description: string, schema: S) => ({
  description,
  content: { "application/json": { schema } },
});

const tokenRequest = z.object({
  grant_type: z.literal("client_credentials").meta({ examples: ["client_credentials"] }),
  scope: z.string().optional().meta({
    description: "Scopes, separated by spaces. Default: all scopes of the client.",
    examples: ["checkouts:read checkouts:write"],
  }),
  client_id: z.string().optional().meta({ description: "Not needed with HTTP Basic." }),
  client_secret: z.string().optional().meta({ description: "Not needed with HTTP Basic." }),
  client_assertion_type: z.literal(ASSERTION_TYPE).optional(),
  client_assertion: z.string().optional().meta({
    description:
      "`private_key_jwt` (RFC 7523) in place of a secret: signed with a key of the client's `assertion_keys`.",
  }),
}).meta({ id: "TokenRequest" });

const tokenAnswer = z.object({
  access_token: z.string().meta({ examples: ["eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJjbGkifQ.c2ln"] }),
  token_type: z.enum(["Bearer", "DPoP"]).meta({
    description: "`DPoP`: the request had a DPoP proof (RFC 9449), and the token is bound to its key.",
    examples: ["Bearer"],
  }),
  expires_in: z.int().meta({ description: "Seconds.", examples: [600] }),
  scope: z.string().meta({ examples: ["checkouts:read checkouts:write"] }),
}).meta({ id: "Token" });

const oauthError = z.object({
  error: z.enum([
    "invalid_request",
    "invalid_client",
    "invalid_scope",
    "invalid_dpop_proof",
    "unsupported_grant_type",
    "unauthorized_client",
  ])
    .meta({ examples: ["invalid_client"] }),
  error_description: z.string().meta({
    examples: ["The client id or secret is not right, or the client was revoked."],
  }),
}).meta({ id: "OAuthError", description: "RFC 6749, section 5.2." });

const issueToken: ZodOpenApiOperationObject = {
  operationId: "issueToken",
  tags: ["Authentication"],
  summary: "Get an access token",
  description:
    "RFC 6749 client credentials. Send id and secret by HTTP Basic or in the form. The token is an `at+jwt` (RFC 9068), signed with EdDSA.",
  security: [{ client: [] }, {}],
  requestBody: { required: true, content: { "application/x-www-form-urlencoded": { schema: tokenRequest } } },
  responses: {
    "200": json("The token", tokenAnswer),
    "400": json("`invalid_request`, `invalid_scope` or `unsupported_grant_type`", oauthError),
    "401": json("`invalid_client`", oauthError),
    ...problemResponses([
      "body_too_large",
      "unsupported_media_type",
      "request_timeout",
      "rate_limited",
      "internal_error",
      "unavailable",
    ]),
  },
};

const get = (
  operationId: string,
  tag: string,
  summary: string,
  schema: z.ZodType,
  more: Partial<ZodOpenApiOperationObject> = {},
): ZodOpenApiOperationObject => ({
  operationId,
  tags: [tag],
  summary,
  security: [],
  ...more,
  responses: {
    "200": json("OK", schema),
    ...more.responses,
    ...problemResponses(["method_not_allowed", "internal_error"]),
  },
});

const live = z.object({ status: z.literal("live"), version: z.string().meta({ examples: ["1.0.0"] }) });
const ready = z.object({
  status: z.enum(["ready", "not_ready"]),
  version: z.string().meta({ examples: ["1.0.0"] }),
  checks: z.record(z.string(), z.string()).meta({
    description: "`ok`, or what is wrong.",
    examples: [{ accepting: "ok", database: "ok", schema: "ok" }],
  }),
  payouts: z.enum(["running", "paused", "partly_paused", "unknown"]).meta({
    description: "Whether payouts are paused for all merchants, for some, or for none.",
  }),
}).meta({ id: "Readiness" });

const keySet = z.object({
  keys: z.array(z.object({
    kty: z.literal("OKP"),
    crv: z.literal("Ed25519"),
    kid: z.string().meta({ examples: ["2026-11"] }),
    x: z.string().meta({ examples: ["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"] }),
    alg: z.literal("EdDSA"),
    use: z.literal("sig"),
  })),
}).meta({ id: "KeySet", description: "RFC 7517." });

const metadata = z.object({
  issuer: z.url().meta({ examples: ["https://api.malipo.example"] }),
  token_endpoint: z.url().meta({ examples: ["https://api.malipo.example/oauth/token"] }),
  jwks_uri: z.url().meta({ examples: ["https://api.malipo.example/.well-known/jwks.json"] }),
  grant_types_supported: z.array(z.literal("client_credentials")),
  response_types_supported: z.array(z.string()).meta({ examples: [[]] }),
  token_endpoint_auth_methods_supported: z.array(
    z.enum(["client_secret_basic", "client_secret_post", "private_key_jwt"]),
  ),
  token_endpoint_auth_signing_alg_values_supported: z.array(z.enum(CLIENT_ALGORITHMS)),
  dpop_signing_alg_values_supported: z.array(z.enum(CLIENT_ALGORITHMS)),
  scopes_supported: z.array(z.enum(SCOPES)),
  service_documentation: z.url().meta({ examples: ["https://api.malipo.example/docs"] }),
}).meta({ id: "AuthorizationServer", description: "RFC 8414." });

const acknowledgement = z.object({
  ResultCode: z.union([z.literal(0), z.literal("0")]).meta({ description: '`"0"` to a C2B validation.' }),
  ResultDesc: z.string().meta({ examples: ["Accepted"] }),
}).meta({ id: "Acknowledgement" });

const notify: ZodOpenApiOperationObject = {
  operationId: "receiveNotice",
  tags: ["Daraja"],
  summary: "Receive a callback from Daraja",
  description:
    "Results of STK pushes, payouts, refunds, status and balance queries, queue timeouts, C2B validations and confirmations. " +
    "Daraja does not sign callbacks, so each URL contains a capability: kind and row with an HMAC, in hex. " +
    "200 means that the notice is stored. It is processed afterwards. Copies of a notice have no effect.",
  security: [],
  requestParams: {
    path: z.object({
      capability: z.string().meta({
        description: "Created by us for one attempt, payout, refund or shortcode.",
        examples: ["01".repeat(49)],
      }),
    }),
  },
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: z.looseObject({}).meta({
          description: "The body that Safaricom documents for this kind of notice.",
          examples: [{}],
        }),
      },
    },
  },
  responses: {
    "200": json("Stored", acknowledgement),
    ...problemResponses(["not_found", "body_too_large", "rate_limited", "internal_error", "unavailable"]),
  },
};

/** The paths that are not in the table of routes: tokens, keys, health, and the callbacks of Daraja. */
export const servicePaths: ZodOpenApiPathsObject = {
  "/oauth/token": { post: issueToken },
  "/.well-known/oauth-authorization-server": {
    get: get(
      "getAuthorizationServer",
      "Authentication",
      "Read the metadata of the token endpoint (RFC 8414)",
      metadata,
      {
        description:
          "For OAuth libraries that set themselves up: where tokens are issued, and how a client may prove who it is.",
      },
    ),
  },
  "/.well-known/jwks.json": {
    get: get("getKeySet", "Authentication", "List the public keys of tokens and signed results", keySet, {
      description:
        "With these keys anybody can check a token, a signed receipt, or the result that a shopper brings back.",
    }),
  },
  "/health/live": {
    get: get("getLiveness", "Service", "Check whether the process answers", live, {
      description: "200 while the process runs. It asks no database, so restart the process if this fails.",
    }),
  },
  "/health/ready": {
    get: get("getReadiness", "Service", "Check whether the process can take work", ready, {
      description: "200 when requests may be sent here. During a shutdown, or without the database, it is 503.",
      responses: {
        "503": json("It can't; `checks` has the reason", ready),
        ...problemResponses(["rate_limited"]),
      },
    }),
  },
  "/notify/{capability}": { post: notify },
};
