import type { Context, Handler } from "hono";
import { replyOrError } from "./core/operation.ts";
import { DarajaError, ok, type Reply, toResponse } from "./core/reply.ts";
import type { World } from "./core/world.ts";

/** `GET /oauth/v1/generate` (daraja.md section 1). The token protects nothing, so the request log shows it. */
export function oauth(world: World): Handler {
  return async (c: Context): Promise<Response> => {
    const entry = world.requests.open("oauth", c.req.query());
    const reply = await replyOrError(world, () => generate(world, c));
    entry.response = { status: reply.status, body: reply.body };
    return toResponse(reply);
  };
}

function generate(world: World, c: Context): Reply {
  if (c.req.method !== "GET") throw new DarajaError(404, "404.001.04", "Invalid Authentication Header");
  const encoded = /^Basic +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  const [key, secret] = encoded === undefined ? [] : credentials(encoded);
  if (key === undefined || secret === undefined) {
    throw new DarajaError(400, "400.008.01", "Invalid Authentication passed");
  }
  if (c.req.query("grant_type") !== "client_credentials") {
    throw new DarajaError(400, "400.008.02", "Invalid grant type passed");
  }
  const app = world.apps.authenticate(key, secret);
  if (!app) return { status: 400, body: null };
  return ok({ access_token: world.apps.issueToken(app), expires_in: "3599" });
}

function credentials(encoded: string): [string, string] | [] {
  try {
    const plain = atob(encoded);
    const colon = plain.indexOf(":");
    return colon < 0 ? [] : [plain.slice(0, colon), plain.slice(colon + 1)];
  } catch {
    return [];
  }
}
