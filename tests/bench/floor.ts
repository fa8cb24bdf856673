import { settingNames } from "../../src/config/config.ts";
import { readEnvironment, untilStopped } from "../../src/platform/deno.ts";
import { create } from "./floor/create.ts";
import { notify } from "./floor/notify.ts";
import { type Parts, prepare } from "./floor/parts.ts";
import { pay } from "./floor/payout.ts";
import { get, list } from "./floor/read.ts";
import { token } from "./floor/token.ts";

/**
 * The floor: what the product does at the least, by bare `Deno.serve` and plain code. The same token check, the same
 * rows in the same schema in the same number of commits, the same calls to Daraja. There is no framework, no validation
 * of what is sent, no log, no encryption, no secret in callback addresses, no limits nor idempotency but their rows, no
 * check of versions, no retry, no grouping of commits, no runner of jobs. tests/bench/floor_test.ts holds it to the rows.
 */
export function serveFloor(parts: Parts): Deno.HttpServer {
  const { host: hostname, port } = parts;
  return Deno.serve({
    hostname,
    port,
    onListen: () => {},
    onError: (error) => {
      console.error(error);
      return new Response(null, { status: 500 });
    },
  }, (request) => answer(parts, request));
}

const CHECKOUTS = "/v1/checkouts";

/** Answers one request. */
export async function answer(parts: Parts, request: Request): Promise<Response> {
  const path = request.url.slice(request.url.indexOf("/", "http://".length));
  const post = request.method === "POST";
  if (post && path.startsWith("/notify/")) return await notify(parts, path.slice("/notify/".length), request);
  if (post && path === "/oauth/token") return await token(parts, request);
  const bearer = request.headers.get("authorization")?.slice("Bearer ".length) ?? "";
  const who = await parts.tokens.verify(bearer).catch(() => null);
  if (who === null) return new Response(null, { status: 401 });
  if (post && path === CHECKOUTS) return await create(parts, who, request);
  if (post && path === "/v1/payouts") return await pay(parts, who, request);
  if (!post && path.startsWith(`${CHECKOUTS}/`)) return await get(parts, who, path.slice(CHECKOUTS.length + 1));
  if (!post && path.startsWith(CHECKOUTS)) return await list(parts, who, path.slice(CHECKOUTS.length));
  return new Response(null, { status: 404 });
}

if (import.meta.main) {
  const stopped = untilStopped();
  serveFloor(await prepare(readEnvironment([...settingNames, "FLOOR_SETTLES", "FLOOR_WEBHOOK_URL"])));
  console.log('{"event":"test_ready"}');
  await stopped.signal;
  Deno.exit(0);
}
