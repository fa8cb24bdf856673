/** M-Pesa Express: push (daraja.md section 2) and query (daraja.md section 3). */

import { readStkAck, toAnswer } from "./acks.ts";
import type { Bucket } from "./bucket.ts";
import { call, type Caller, callUnjudged } from "./call.ts";
import { codeAt, type JsonObject, textAt } from "./json.ts";
import { withoutPrefix } from "./notices/stk.ts";
import { base64 } from "./oauth.ts";
import { redact } from "../telemetry/redact.ts";
import { defaultTimeoutMs, plainId, shillingsOrRejection } from "./request-fields.ts";
import type { HttpAnswer } from "./error-answer.ts";
import { readStkResult, stkResultTable } from "./stk-codes.ts";
import { judgeError } from "./error-codes.ts";
import { nairobiStamp } from "./time.ts";
import type { Answer, DarajaApp, PendingReason, StkAccepted, StkPush, StkQuery, StkQueryOutcome } from "./types.ts";

const PUSH_TIMEOUT_MS = 30_000;

/** Prompts a phone. Sent once; a second time only if Daraja refused the first request because of its token. */
export async function stkPush(caller: Caller, app: DarajaApp, push: StkPush): Promise<Answer<StkAccepted>> {
  const { deps } = caller;
  const amount = shillingsOrRejection(push.amount);
  if (typeof amount !== "number") return amount;
  const phone = plainId(deps, push.phone);
  const called = await call(caller, app, {
    name: "stk_push",
    path: "/mpesa/stkpush/v1/processrequest",
    shortcode: push.businessShortcode,
    timeoutMs: deps.timeouts?.pushMs ?? PUSH_TIMEOUT_MS,
    isSafeToRepeat: false,
    errorSource: "stk",
    body: {
      BusinessShortCode: plainId(deps, push.businessShortcode),
      ...passwordFields(deps.clock.now(), push),
      TransactionType: push.transactionType === "till" ? "CustomerBuyGoodsOnline" : "CustomerPayBillOnline",
      Amount: amount,
      PartyA: phone,
      PartyB: plainId(deps, push.partyB),
      PhoneNumber: phone,
      CallBackURL: push.callbackUrl,
      AccountReference: push.accountReference,
      TransactionDesc: push.description,
    },
  });
  return toAnswer(called, readStkAck);
}

/** Asks for the result of a push. Without a turn in the shortcode's bucket it returns `rate_limited` and does not call. */
export async function stkQuery(
  caller: Caller,
  bucket: Bucket,
  app: DarajaApp,
  query: StkQuery,
): Promise<StkQueryOutcome> {
  const { deps } = caller;
  const shortcode = query.businessShortcode;
  const waitMs = bucket.take(shortcode);
  if (waitMs > 0) return { kind: "pending", reason: "rate_limited", retryAfterMs: waitMs };
  const result = await callUnjudged(caller, app, {
    name: "stk_query",
    path: "/mpesa/stkpushquery/v1/query",
    shortcode,
    timeoutMs: defaultTimeoutMs(deps),
    isSafeToRepeat: deps.queriesPerMinute === null, // with a rate limit, a second call at once would be refused
    body: {
      BusinessShortCode: plainId(deps, shortcode),
      ...passwordFields(deps.clock.now(), query),
      CheckoutRequestID: query.checkoutRequestId,
    },
  });
  if ("outcome" in result) {
    return result.outcome === "unreachable"
      ? pending("unreachable", null, result.retryAfterMs)
      : pending("credentials_rejected", result.darajaCode);
  }
  if (result.kind === "lost") return pending("unreachable", null);
  return readQueryAnswer(result, query, bucket);
}

function readQueryAnswer(answer: HttpAnswer, query: StkQuery, bucket: Bucket): StkQueryOutcome {
  const { error, json, status } = answer;
  const verdict = error === null ? null : judgeError(error, "stk");
  if (verdict?.kind === "rejected" && verdict.failure === "daraja_busy") {
    return pending("rate_limited", error?.code ?? null, bucket.pause(query.businessShortcode, answer.retryAfterMs));
  }
  bucket.resetPauses(query.businessShortcode);
  if (error?.code === "500.001.1001") {
    const reason = judgeError(error, "stk").kind === "rejected" ? "refused" : pendingReasonOf(error.message);
    return pending(reason, error.code);
  }
  if (verdict?.kind === "rejected") return pending("refused", error?.code ?? null);
  if (error !== null) return pending(status >= 500 ? "server_error" : "unreadable_answer", error.code);
  return json === null ? pending("unreadable_answer", null) : readQueryResult(json, query);
}

/** Reads the result. Only an answer about the same request, from a query that ran, proves anything. */
function readQueryResult(json: JsonObject, query: StkQuery): StkQueryOutcome {
  const resultCode = codeAt(json, "ResultCode");
  const about = textAt(json, "CheckoutRequestID") ?? query.checkoutRequestId;
  if (codeAt(json, "ResponseCode") !== "0" || resultCode === null || about !== query.checkoutRequestId) {
    return pending("unreadable_answer", resultCode);
  }
  const description = redact(withoutPrefix(textAt(json, "ResultDesc")));
  const result = readStkResult(resultCode);
  if (result.outcome === "paid") return { kind: "paid", resultCode, description };
  if (result.outcome === "failed") return { kind: "failed", resultCode, description, failure: result.failure };
  if (result.outcome === "pending") return pending("processing", resultCode);
  return pending(stkResultTable.has(resultCode) ? "needs_review" : "unknown_code", resultCode);
}

/** Daraja says "does not exist" also for ids that exist (daraja.md section 3), so this is never more than a hint. */
function pendingReasonOf(message: string): PendingReason {
  return /does not exist/i.test(message) ? "not_found" : "processing";
}

function pending(reason: PendingReason, resultCode: string | null, retryAfterMs?: number): StkQueryOutcome {
  return {
    kind: "pending",
    reason,
    ...(resultCode === null ? {} : { resultCode }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Password and timestamp. Both must contain the same timestamp (daraja.md section 2.1). */
function passwordFields(now: number, of: { readonly businessShortcode: string; readonly passkey: string }): {
  readonly Password: string;
  readonly Timestamp: string;
} {
  const timestamp = nairobiStamp(now);
  return { Password: base64(`${of.businessShortcode}${of.passkey}${timestamp}`), Timestamp: timestamp };
}
