/**
 * Pull Transactions (daraja.md section 7.9): lists every C2B payment of the last 48 h, also those whose confirmation was
 * lost.
 */

import { toAnswer } from "./acks.ts";
import { call, type Caller } from "./call.ts";
import { parseReceipt } from "./ids.ts";
import { codeAt, isObject, type Json, type JsonObject, listAt, readObject, textAt } from "./json.ts";
import { parsePaidCents } from "./money.ts";
import { defaultTimeoutMs, plainId } from "./request-fields.ts";
import { nairobiDateTime, parseDarajaTime } from "./time.ts";
import type { Answer, DarajaApp, PullPage, PullQuery, PullRegistration, PullRow } from "./types.ts";

/** Registers a shortcode for Pull Transactions. A second registration says that the first is known. */
export async function pullRegister(
  caller: Caller,
  app: DarajaApp,
  registration: PullRegistration,
): Promise<Answer<{ readonly alreadyRegistered: boolean }>> {
  return toAnswer(
    await call(caller, app, {
      name: "pull_register",
      path: "/pulltransactions/v1/register",
      shortcode: registration.shortcode,
      timeoutMs: defaultTimeoutMs(caller.deps),
      isSafeToRepeat: true,
      body: {
        ShortCode: plainId(caller.deps, registration.shortcode),
        RequestType: "Pull",
        NominatedNumber: registration.nominatedNumber,
        CallBackURL: registration.callbackUrl,
      },
    }),
    readPullRegistration,
  );
}

/** One page of the payments between two times. By POST, because the portal's GET with a body can't be sent by `fetch`. */
export async function pullQuery(caller: Caller, app: DarajaApp, query: PullQuery): Promise<Answer<PullPage>> {
  return toAnswer(
    await call(caller, app, {
      name: "pull_query",
      path: "/pulltransactions/v1/query",
      shortcode: query.shortcode,
      timeoutMs: defaultTimeoutMs(caller.deps),
      isSafeToRepeat: true,
      body: {
        ShortCode: plainId(caller.deps, query.shortcode),
        StartDate: nairobiDateTime(query.from),
        EndDate: nairobiDateTime(query.to),
        OffSetValue: String(query.offset),
      },
    }),
    readPullPage,
  );
}

/** Reads an answer to a pull query: an array of arrays, or code 1001 for none. Null if it is neither. */
export function parsePullPage(raw: unknown): PullPage | null {
  const json = readObject(raw);
  return json === undefined ? null : readPullPage(json);
}

/** Reads an answer to a registration; older ones have spaces in their keys. */
export function readPullRegistration(json: JsonObject): { readonly alreadyRegistered: boolean } | null {
  const status = codeAt(json, "ResponseStatus") ?? codeAt(json, "ResponseCode");
  return status === "1000" || status === "1001" ? { alreadyRegistered: status === "1001" } : null;
}

function readPullPage(json: JsonObject): PullPage | null {
  const code = codeAt(json, "ResponseCode");
  if (code === "1001") return { rows: [], unreadable: 0 };
  if (code !== "1000") return null;
  const items = listAt(json, "Response").flatMap(asList);
  const rows = items.map(readPullRow).filter((row) => row !== null);
  return { rows, unreadable: items.length - rows.length };
}

function asList(json: Json): readonly Json[] {
  return Array.isArray(json) ? json : [json];
}

function readPullRow(json: Json): PullRow | null {
  if (!isObject(json)) return null;
  const transactionId = parseReceipt(textAt(json, "transactionId"));
  const amount = parsePaidCents(textAt(json, "amount"));
  if (transactionId === null || amount === null) return null;
  return {
    transactionId,
    amount,
    at: parseDarajaTime(textAt(json, "trxDate")),
    phone: textAt(json, "msisdn"),
    sender: textAt(json, "sender"),
    transactionType: textAt(json, "transactiontype"),
    billReference: textAt(json, "billreference"),
    organizationName: textAt(json, "organizationname"),
  };
}
