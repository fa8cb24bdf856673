/**
 * Pull Transactions (daraja.md section 7.9): lists every C2B payment of the last 48 h, also those whose confirmation was
 * lost.
 */

import { toAnswer } from "./acks.ts";
import { call, type Caller } from "./call.ts";
import { paidCentsField, phoneField, receiptField, textField, timeField } from "./field-readers.ts";
import { codeAt, isObject, type Json, type JsonObject, listAt, readObject, textAt, valuesAt } from "./json.ts";
import { defaultTimeoutMs, plainId } from "./request-fields.ts";
import { nairobiDateTime } from "./time.ts";
import type { Answer, DarajaApp, PullPage, PullQuery, PullRegistration, PullRow, UnreadablePullRow } from "./types.ts";

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
  if (code === "1001") return { rows: [], unreadable: [] };
  if (code !== "1000") return null;
  const rows: PullRow[] = [];
  const unreadable: UnreadablePullRow[] = [];
  for (const item of listAt(json, "Response").flatMap(asList)) {
    const row = readPullRow(item);
    if ("reason" in row) unreadable.push({ ...row, text: JSON.stringify(item) });
    else rows.push(row);
  }
  return { rows, unreadable };
}

function asList(json: Json): readonly Json[] {
  return Array.isArray(json) ? json : [json];
}

/** One row that can't be read does not stop the others. */
function readPullRow(json: Json): PullRow | Omit<UnreadablePullRow, "text"> {
  if (!isObject(json)) return { transactionId: null, reason: "wrong_shape" };
  const receipt = receiptField(valuesAt(json, "transactionId"));
  if (receipt.kind !== "read") {
    const reason = receipt.kind === "absent" ? "no_transaction_id" : "transaction_id_unreadable";
    return { transactionId: null, reason };
  }
  const amount = paidCentsField(valuesAt(json, "amount"));
  if (amount.kind !== "read") {
    return { transactionId: receipt.value, reason: amount.kind === "absent" ? "no_amount" : "amount_unreadable" };
  }
  return {
    transactionId: receipt.value,
    amount: amount.value,
    at: timeField(valuesAt(json, "trxDate")),
    phone: phoneField(valuesAt(json, "msisdn")),
    sender: textAt(json, "sender"),
    transactionType: textAt(json, "transactiontype"),
    billReference: textField(valuesAt(json, "billreference")),
    organizationName: textAt(json, "organizationname"),
  };
}
