/** The name behind a phone: B2C Hakikisha (daraja.md section 7.11). */

import { toAnswer } from "./acks.ts";
import { call, type Caller } from "./call.ts";
import { codeAt, type JsonObject, objectAt, textAt } from "./json.ts";
import { defaultTimeoutMs, plainId } from "./request-fields.ts";
import type { Answer, DarajaApp, NameCheck, NameFound } from "./types.ts";

/** Asks whose phone it is. Safaricom answers at once, and hides most letters of the later names. */
export async function nameCheck(caller: Caller, app: DarajaApp, request: NameCheck): Promise<Answer<NameFound>> {
  return toAnswer(
    await call(caller, app, {
      name: "name_check",
      path: "/mpesa/b2c/hakikisha/v1/hakikisha",
      shortcode: request.shortcode,
      timeoutMs: defaultTimeoutMs(caller.deps),
      isSafeToRepeat: true,
      body: {
        header: {
          requestID: crypto.randomUUID(),
          timestamp: String(Math.floor(caller.deps.clock.now() / 1_000)),
        },
        body: { msisdn: request.phone, shortcode: plainId(caller.deps, request.shortcode) },
      },
    }),
    readNameAck,
  );
}

/** Reads the answer to a name check. Null unless it says 200 and has a name with a letter that is not hidden. */
export function readNameAck(json: JsonObject): NameFound | null {
  const header = objectAt(json, "header");
  const body = objectAt(json, "body");
  if (header === undefined || body === undefined || codeAt(header, "status") !== "200") return null;
  const parts = ["firstName", "middleName", "lastName"].map((key) => textAt(body, key)?.trim() ?? "");
  const name = parts.filter((part) => part !== "").join(" ");
  return /\p{L}/u.test(name) ? { name } : null;
}
