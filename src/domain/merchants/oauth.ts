import type { Context as HonoContext, Hono } from "hono";
import type { Services } from "../../context/context.ts";
import { first } from "../../db/query.ts";
import { addFields, type Env } from "../../http/env.ts";
import { limitBody } from "../../http/body-limit.ts";
import type { Gates } from "../../http/gates.ts";
import { countRequest } from "../../http/rate-limit.ts";
import { isScope, type Scope, SCOPES } from "../../auth/scopes.ts";
import { merchantDisabled } from "../../auth/standings.ts";
import type { Tokens } from "../../auth/tokens.ts";
import { isSecretOf, noteUse, selectClient } from "./client-rows.ts";
import { selectMerchant } from "./merchant-rows.ts";

const MAX_BODY_BYTES = 8_192;

/** An error of the token endpoint. OAuth has its own format for errors (RFC 6749 section 5.2). */
class OAuthError extends Error {
  constructor(readonly status: 400 | 401, readonly code: string, readonly description: string) {
    super(code);
  }
}

/** The token endpoint and its metadata (RFC 6749 client credentials, RFC 7517, RFC 8414). */
export function oauthRoutes(app: Hono<Env>, services: Services, tokens: Tokens, gates: Gates): void {
  const issuer = services.config.server.publicUrl;
  const readBody = limitBody(MAX_BODY_BYTES, services.config.limits.requests.bodyDeadlineMs);
  app.post("/oauth/token", readBody, gates.slots.tokens, async (c) => {
    try {
      return await issueToken(c, services, tokens, gates);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      if (error.status === 401) c.header("www-authenticate", 'Basic realm="malipo"');
      c.header("cache-control", "no-store");
      return c.json({ error: error.code, error_description: error.description }, error.status);
    }
  });
  app.get("/.well-known/jwks.json", (c) => c.json(tokens.jwks, 200, { "cache-control": "public, max-age=300" }));
  app.get("/.well-known/oauth-authorization-server", (c) =>
    c.json({
      issuer,
      token_endpoint: `${issuer}/oauth/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      grant_types_supported: ["client_credentials"],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
      scopes_supported: SCOPES,
      service_documentation: `${issuer}/docs`,
    }));
}

async function issueToken(
  c: HonoContext<Env>,
  services: Services,
  tokens: Tokens,
  { failures }: Gates,
): Promise<Response> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(c.req.header("content-type") ?? "")) {
    throw new OAuthError(400, "invalid_request", "Send the body as application/x-www-form-urlencoded.");
  }
  const form = new URLSearchParams(await c.req.text());
  const repeated = [...new Set(form.keys())].find((name) => form.getAll(name).length > 1);
  if (repeated !== undefined) {
    throw new OAuthError(400, "invalid_request", "A parameter is given twice; send each once.");
  }
  const type = form.get("grant_type");
  if (type === null) throw new OAuthError(400, "invalid_request", "grant_type is missing; send client_credentials.");
  if (type !== "client_credentials") {
    throw new OAuthError(400, "unsupported_grant_type", "Only client_credentials is supported.");
  }

  const { id, secret } = readCredentials(c.req.header("authorization"), form);
  const client = id.includes("\0") ? null : await first(services.db, selectClient(id));
  const isAuthenticated = client !== null && client.status === "active" &&
    isSecretOf(client, secret, services.clock.now());
  if (!isAuthenticated) {
    countRequest(c, failures, c.get("address")); // the right secret is never refused: nobody can lock a client out
    countRequest(c, failures, `client ${id}`);
    services.log.write("warn", "client_refused", {
      client: client?.id ?? "unknown", // an unknown id is not logged, because it may be a secret that was sent by mistake
      request_id: c.get("requestId"),
    });
    throw new OAuthError(401, "invalid_client", "The client id or secret is not right, or the client was revoked.");
  }
  if ((await first(services.db, selectMerchant(client.merchant_id)))?.status === "disabled") {
    throw new OAuthError(400, "unauthorized_client", merchantDisabled().detail);
  }
  addFields(c.get("fields"), { client: client.id, merchant: client.merchant_id });
  const granted = grantedScopes(form.get("scope"), client.scopes.filter(isScope));
  const use = noteUse(client, services.clock.now());
  if (use !== null) await services.db.write([use]).catch(() => {}); // a token does not wait for its note
  const { token, expiresIn } = await tokens.issue({
    clientId: client.id,
    merchantId: client.merchant_id,
    scopes: granted,
    epoch: client.epoch,
  });
  c.header("cache-control", "no-store");
  return c.json({ access_token: token, token_type: "Bearer", expires_in: expiresIn, scope: granted.join(" ") });
}

function readCredentials(header: string | undefined, form: URLSearchParams): { id: string; secret: string } {
  const basic = header === undefined ? null : parseBasic(header);
  const id = form.get("client_id");
  const secret = form.get("client_secret");
  if (header !== undefined && secret !== null) {
    throw new OAuthError(
      400,
      "invalid_request",
      "Send the secret either in the Authorization header or in the form, not in both.",
    );
  }
  if (header !== undefined && id !== null && id !== basic?.id) {
    throw new OAuthError(
      400,
      "invalid_request",
      "client_id of the form is not the client of the Authorization header. Leave it out of the form.",
    );
  }
  if (basic !== null) return basic;
  if (header === undefined && id !== null && secret !== null) return { id, secret };
  throw new OAuthError(
    401,
    "invalid_client",
    "Send client id and secret, by HTTP Basic or as client_id and client_secret in the form.",
  );
}

/** Reads HTTP Basic. Inside it, both parts are form-encoded (RFC 6749 section 2.3.1). */
function parseBasic(header: string): { id: string; secret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  try {
    const text = atob(encoded);
    const colon = text.indexOf(":");
    const decode = (part: string) => decodeURIComponent(part.replaceAll("+", " "));
    return colon < 0 ? null : { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
  } catch {
    return null;
  }
}

/** The scopes of the new token: those that were asked for, or all that the client has. Errors: `invalid_scope`. */
function grantedScopes(asked: string | null, allowed: readonly Scope[]): readonly Scope[] {
  if (asked === null || asked.trim() === "") return allowed;
  const wanted = [...new Set(asked.trim().split(/ +/))];
  const refused = wanted.filter((scope) => !allowed.some((one) => one === scope));
  if (refused.length > 0) {
    throw new OAuthError(
      400,
      "invalid_scope",
      `The client may not have: ${refused.join(" ").slice(0, 200).replaceAll(/[^\x20-\x7e]|["\\]/g, "?")}`,
    );
  }
  return wanted.filter(isScope);
}
