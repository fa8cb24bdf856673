import type { Context, Handler } from "hono";
import { type App, mayCall } from "./apps.ts";
import type { Fields } from "./fields.ts";
import { DarajaError, type Reply, toResponse } from "./reply.ts";
import { isRecord, type RequestEntry } from "./requests.ts";
import type { World } from "./world.ts";

/** The proxy in front of an operation. Each proxy has its own error for a bad token (daraja.md section 1). */
export type Proxy = "stk" | "async" | "c2b" | "pull" | "qr" | "bill";

/** A call whose token and body are valid. */
export interface Call {
  readonly world: World;
  readonly app: App;
  readonly fields: Fields;
  /** The entry of the call in the request log. */
  readonly entry: RequestEntry;
}

/** The HTTP handler of an operation: checks method, token and body, writes the request log, and makes error answers. */
export function operationHandler(
  world: World,
  name: string,
  proxy: Proxy,
  handle: (call: Call) => Reply | Promise<Reply>,
): Handler {
  return async (c: Context): Promise<Response> => {
    const raw = await c.req.text();
    const body = parse(raw);
    const entry = world.requests.open(name, body);
    const reply = await replyOrError(world, async () => {
      const isAsked = name === "pull" && c.req.method === "GET"; // the portal's verb for it (daraja.md section 7.9)
      if (c.req.method !== "POST" && !isAsked) throw wrongMethod(proxy);
      const app = authorise(world, name, proxy, c.req.header("authorization"));
      const fields = isAsked && body === null ? c.req.query() : fieldsOf(body, c.req.header("content-type"));
      return await handle({ world, app, fields, entry });
    });
    entry.response = reply.cutsConnection ? { status: 0, body: null } : { status: reply.status, body: reply.body };
    return toResponse(reply);
  };
}

/** Runs `work`; a thrown DarajaError becomes the reply. */
export async function replyOrError(world: World, work: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DarajaError)) throw error;
    const body = { requestId: world.ids.group(), errorCode: error.code, errorMessage: error.message };
    return { status: error.status, body };
  }
}

function parse(raw: string): unknown {
  if (raw === "") return null;
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

/**
 * Without the JSON content type Daraja reads no fields, so it calls the first field that it checks invalid. For a push
 * that is "Invalid BusinessShortCode" (daraja.md section 2.1).
 */
function fieldsOf(body: unknown, contentType: string | undefined): Fields {
  if (!contentType?.toLowerCase().startsWith("application/json")) return {};
  if (!isRecord(body)) throw new DarajaError(400, "400.002.05", "Invalid Request Payload");
  return body;
}

function wrongMethod(proxy: Proxy): DarajaError {
  return proxy === "stk"
    ? new DarajaError(405, "405.001", "Method Not Allowed")
    : new DarajaError(404, "404.001.04", "Invalid Authentication Header");
}

function authorise(world: World, name: string, proxy: Proxy, header: string | undefined): App {
  const token = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  if (token === undefined) throw new DarajaError(404, "404.001.04", "Invalid Authentication Header");
  const app = world.apps.byToken(token);
  if (!app) throw badToken(proxy, token);
  if (!mayCall(app, name)) {
    const message = "Error Occurred - Invalid Access Token - Invalid API call as no apiproduct match found";
    throw new DarajaError(401, "401.003.01", message);
  }
  return app;
}

function badToken(proxy: Proxy, token: string): DarajaError {
  if (proxy === "stk") return new DarajaError(404, "404.001.03", "Invalid Access Token");
  if (proxy === "c2b") return new DarajaError(400, "400.003.01", "Invalid Access Token");
  if (proxy === "pull") return new DarajaError(401, "401.001", "Invalid Access Token");
  if (proxy === "qr" || proxy === "bill") return new DarajaError(401, "401", "Unauthorized - Invalid Access Token");
  return new DarajaError(401, "401.002.01", `Error Occurred - Invalid Access Token - ${token}`);
}
