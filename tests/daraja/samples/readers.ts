/** The reader of each kind of sample, and the form in which its outcome is compared. */

import {
  readAsyncAck,
  readQrAck,
  readRegisterAck,
  readStandingOrderAck,
  readStkAck,
} from "../../../src/daraja/acks.ts";
import { readPayoutResult, readReversalResult, readStatusFinding, readStkResult } from "../../../src/daraja/codes.ts";
import { type JsonObject, readObject } from "../../../src/daraja/json.ts";
import {
  parseB2bExpressCallback,
  parseBillPayment,
  parseC2b,
  parseQueueTimeout,
  parseRatibaCallback,
  parseResult,
  parseStkCallback,
  type ResultNotice,
} from "../../../src/daraja/notices.ts";
import { readNameAck } from "../../../src/daraja/name-check.ts";
import { readPullRegistration } from "../../../src/daraja/pull.ts";
import { readError } from "../../../src/daraja/error-answer.ts";
import { judgeError } from "../../../src/daraja/error-codes.ts";
import { APP, build, issueToken, PUSH } from "../support.ts";

export type Reader = (text: string, file: string) => unknown;

export const READERS: Readonly<Record<string, Reader>> = {
  "oauth": tokenFrom(200),
  "oauth-error": tokenFrom(400),
  "stk-ack": read(readStkAck),
  "stk-callback": (text) => {
    const notice = parseStkCallback(text);
    return notice.kind === "stk" ? { ...notice, means: readStkResult(notice.resultCode) } : notice;
  },
  "stk-query": queried(200),
  "stk-query-error": (text, file) => queried(file.includes("429") ? 429 : 500)(text, file),
  "error": (text, file) => judgeError({ code: null, message: "", status: 0, ...errorFrom(text, file) }, "stk"),
  "c2b-ack": read(readRegisterAck),
  "c2b-validation": parseC2b,
  "c2b-confirmation": parseC2b,
  "b2c-ack": read(readAsyncAck),
  "balance-ack": read(readAsyncAck),
  "status-ack": read(readAsyncAck),
  "reversal-ack": read(readAsyncAck),
  "b2b-ack": read(readAsyncAck),
  "b2c-result": result(readPayoutResult),
  "balance-result": result(null),
  "status-result": result(readStatusFinding),
  "reversal-result": result(readReversalResult),
  "b2b-result": result(readPayoutResult),
  "queue-timeout": (text, file) => [parseQueueTimeout(text), result(readPayoutResult)(text, file)],
  "b2b-express-callback": parseB2bExpressCallback,
  "qr-response": read(readQrAck),
  "hakikisha": read(readNameAck),
  "ratiba-ack": read(readStandingOrderAck),
  "ratiba-callback": parseRatibaCallback,
  "pull": read(readPullRegistration),
  "billmanager-callback": parseBillPayment,
};

/** Kinds that no reader reads: they are not Daraja's messages, or belong to products that Malipo does not call. */
export const UNREAD = ["our-reply", "billmanager", "b2b-express-ack"];

function read(reader: (json: JsonObject) => unknown): Reader {
  return (text) => {
    const json = readObject(text);
    return json === undefined ? undefined : reader(json);
  };
}

/** Without the raw parameters, to keep the expected outcomes short. */
function result(meaning: ((notice: ResultNotice) => unknown) | null): Reader {
  return (text) => {
    const notice = parseResult(text);
    if (notice.kind === "unreadable") return notice;
    const { parameters: _parameters, references: _references, facts, ...rest } = notice;
    const { unreadableAccounts, ...others } = facts;
    const accounts = unreadableAccounts.length === 0 ? {} : { unreadableAccounts };
    return { ...rest, facts: { ...others, ...accounts }, means: meaning?.(notice) ?? null };
  };
}

const TIMES = ["paidAt", "completedAt", "initiatedAt"];

/** A field that was read becomes its value, and an absent one null. */
function legibleField(value: object): unknown {
  if (!("kind" in value)) return value;
  if (value.kind === "absent") return null;
  return value.kind === "read" && "value" in value ? value.value : value;
}

/** An outcome without nulls and absent fields, with times in ISO 8601 (UTC), so that a person can compare it with the sample (UTC+3). */
export function legible(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(legible);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, inner]) => [
    key,
    typeof inner === "object" && inner !== null ? legibleField(inner) : inner,
  ]);
  const entries = fields.filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [
    key,
    TIMES.includes(key) ? new Date(Number(inner)).toISOString() : legible(inner),
  ]));
}

function errorFrom(text: string, file: string): { code: string | null; message: string; status: number } | null {
  const status = Number(/err-(\d{3})/.exec(file)?.[1]);
  return readError({ kind: "answer", status, json: readObject(text) ?? null, empty: false, retryAfterMs: null });
}

/** Runs a query that is answered with the sample, about the id in the sample. */
function queried(status: number): Reader {
  return async (text) => {
    const sampled = readObject(text)?.["CheckoutRequestID"];
    const checkoutRequestId = typeof sampled === "string" ? sampled : "ws_CO_1";
    const { daraja } = build("http://daraja.test", { fetch: scripted(text, status) });
    return await daraja.stkQuery(APP, { ...PUSH, checkoutRequestId });
  };
}

function tokenFrom(status: number): Reader {
  return async (text) => {
    const { daraja } = build("http://daraja.test", { fetch: () => Promise.resolve(new Response(text, { status })) });
    const answer = await daraja.authenticate(APP);
    return answer.outcome === "accepted" ? answer.outcome : answer;
  };
}

/** A fetch that issues a token, then answers with `text`. */
function scripted(text: string, status: number): typeof fetch {
  return (input) => {
    const oauth = String(input).includes("/oauth/");
    const request = { method: "GET", path: "", headers: new Headers(), body: {} };
    return Promise.resolve(oauth ? issueToken(request, 1) : new Response(text, { status }));
  };
}
