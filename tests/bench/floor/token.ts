import { timingSafeEqual } from "node:crypto";
import { digest } from "./ids.ts";
import type { Parts } from "./parts.ts";
import { oneOf } from "./rows.ts";

const selectClient = oneOf("SELECT merchant_id, secret_hash, scopes, status FROM clients WHERE id = ?");

/** POST /oauth/token with HTTP Basic: the product's read and its check of the secret, and a signature. */
export async function token({ store, tokens }: Parts, request: Request): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const [id = "", secret = ""] = atob(request.headers.get("authorization")?.slice("Basic ".length) ?? "").split(":");
  const [found] = await store.read([selectClient(id)]);
  const [merchant, hash, scopes, status] = found?.[0] ?? [];
  const known = hash instanceof Uint8Array && status === "active" && timingSafeEqual(digest(secret), hash);
  if (!known || form.get("grant_type") !== "client_credentials") return new Response(null, { status: 401 });
  const own: string[] = JSON.parse(String(scopes));
  const asked = form.get("scope");
  const scope = asked === null ? own.join(" ") : asked.split(" ").filter((one) => own.includes(one)).join(" ");
  const access_token = await tokens.issue(id, String(merchant), scope);
  return Response.json({ access_token, token_type: "Bearer", expires_in: 600, scope });
}
