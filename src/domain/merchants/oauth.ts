import type { Context as HonoContext, Hono } from "hono";
import type { Services } from "../../context/context.ts";
import { first } from "../../db/query.ts";
import type { ClientAccess } from "../../auth/client-access.ts";
import { CLIENT_ALGORITHMS } from "../../auth/client-assertion.ts";
import { DpopError } from "../../auth/dpop.ts";
import { addFields, type Env } from "../../http/env.ts";
import { limitBody } from "../../http/body-limit.ts";
import type { Gates } from "../../http/gates.ts";
import { isScope, type Scope, SCOPES } from "../../auth/scopes.ts";
import { merchantDisabled } from "../../auth/standings.ts";
import type { Tokens } from "../../auth/tokens.ts";
import { authenticateClient } from "./authenticate-client.ts";
import { OAuthError } from "./oauth-error.ts";
import { selectMerchant } from "./merchant-rows.ts";

const MAX_BODY_BYTES = 8_192;

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
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
      token_endpoint_auth_signing_alg_values_supported: CLIENT_ALGORITHMS,
      dpop_signing_alg_values_supported: CLIENT_ALGORITHMS,
      scopes_supported: SCOPES,
      service_documentation: `${issuer}/docs`,
    }));
}

async function issueToken(
  c: HonoContext<Env>,
  services: Services,
  tokens: Tokens,
  gates: Gates,
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

  const { client, access } = await authenticateClient(c, services, gates, form);
  if ((await first(services.db, selectMerchant(client.merchant_id)))?.status === "disabled") {
    throw new OAuthError(400, "unauthorized_client", merchantDisabled().detail);
  }
  addFields(c.get("fields"), { client: client.id, merchant: client.merchant_id });
  const granted = grantedScopes(form.get("scope"), client.scopes.filter(isScope));
  const keyThumbprint = await boundKey(c, services, access);
  const { token, expiresIn } = await tokens.issue({
    clientId: client.id,
    merchantId: client.merchant_id,
    scopes: granted,
    epoch: client.epoch,
    keyThumbprint,
  });
  c.header("cache-control", "no-store");
  return c.json({
    access_token: token,
    token_type: keyThumbprint === null ? "Bearer" : "DPoP",
    expires_in: expiresIn,
    scope: granted.join(" "),
  });
}

/** The key that the token is bound to: the caller has proven that it has it (RFC 9449). Null: none. */
async function boundKey(c: HonoContext<Env>, services: Services, access: ClientAccess): Promise<string | null> {
  const proof = c.req.header("dpop");
  if (proof === undefined && access.dpop === "allowed") return null;
  try {
    const url = `${services.config.server.publicUrl}/oauth/token`;
    return await services.dpop.verify({ proof, method: c.req.method, url, token: null });
  } catch (error) {
    if (!(error instanceof DpopError)) throw error;
    throw new OAuthError(400, "invalid_dpop_proof", `The DPoP proof is not valid: ${error.message}.`);
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
