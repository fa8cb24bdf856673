/** M-Pesa Express: push (daraja.md section 2) and query (daraja.md section 3). */

import { accept, readStkAck } from "./acks.ts";
import type { Bucket } from "./bucket.ts";
import { call, type Caller, speak } from "./call.ts";
import { codeAt, type JsonObject, textAt } from "./json.ts";
import { descriptionOf } from "./notices/stk.ts";
import { base64 } from "./oauth.ts";
import { redact } from "../telemetry/redact.ts";
import { digits, otherTimeout, shillings } from "./request.ts";
import type { Said } from "./said.ts";
import { STK_RESULTS, stkResult } from "./stk-codes.ts";
import { judge } from "./sync-codes.ts";
import { nairobiStamp } from "./time.ts";
import type { Answer, DarajaApp, PendingReason, StkAccepted, StkPush, StkQuery, StkQueryOutcome } from "./types.ts";

const PUSH_TIMEOUT_MS = 30_000;

/** Prompts a phone. Sent once, or twice where the first was refused for its token alone. */
export async function stkPush(caller: Caller, app: DarajaApp, push: StkPush): Promise<Answer<StkAccepted>> {
  const { deps } = caller;
  const amount = shillings(push.amount);
  if (typeof amount !== "number") return amount;
  const phone = digits(deps, push.phone);
  const called = await call(caller, app, {
    name: "stk_push",
    path: "/mpesa/stkpush/v1/processrequest",
    shortcode: push.businessShortcode,
    timeoutMs: deps.timeouts?.pushMs ?? PUSH_TIMEOUT_MS,
    harmless: false,
    body: {
      BusinessShortCode: digits(deps, push.businessShortcode),
      ...passwordAt(deps.clock.now(), push),
      TransactionType: push.transactionType === "till" ? "CustomerBuyGoodsOnline" : "CustomerPayBillOnline",
      Amount: amount,
      PartyA: phone,
      PartyB: digits(deps, push.partyB),
      PhoneNumber: phone,
      CallBackURL: push.callbackUrl,
      AccountReference: push.accountReference,
      TransactionDesc: push.description,
    },
  });
  return accept(called, readStkAck);
}

/** Asks after a push. Takes a turn of the shortcode's bucket, and says `rate_limited` without calling when there is none. */
export async function stkQuery(
  caller: Caller,
  bucket: Bucket,
  app: DarajaApp,
  query: StkQuery,
): Promise<StkQueryOutcome> {
  const { deps } = caller;
  const shortcode = query.businessShortcode;
  const wait = bucket.take(shortcode);
  if (wait > 0) return { kind: "pending", reason: "rate_limited", retryAfterMs: wait };
  const spoken = await speak(caller, app, {
    name: "stk_query",
    path: "/mpesa/stkpushquery/v1/query",
    shortcode,
    timeoutMs: otherTimeout(deps),
    harmless: deps.queriesPerMinute === null, // a second call would only meet the spike arrest
    body: {
      BusinessShortCode: digits(deps, shortcode),
      ...passwordAt(deps.clock.now(), query),
      CheckoutRequestID: query.checkoutRequestId,
    },
  });
  if ("outcome" in spoken) {
    return spoken.outcome === "unreachable"
      ? pending("unreachable", null, spoken.retryAfterMs)
      : pending("credentials_rejected", spoken.darajaCode);
  }
  if (spoken.kind === "lost") return pending("unreachable", null);
  return outcomeOf(spoken, query, bucket);
}

function outcomeOf(spoken: Said, query: StkQuery, bucket: Bucket): StkQueryOutcome {
  const { error, json, status } = spoken;
  const verdict = error === null ? null : judge(error);
  if (verdict?.kind === "rejected" && verdict.failure === "daraja_busy") {
    return pending("rate_limited", error?.code ?? null, bucket.punish(query.businessShortcode, spoken.retryAfterMs));
  }
  bucket.pardon(query.businessShortcode);
  if (error?.code === "500.001.1001") {
    const reason = judge(error).kind === "rejected" ? "refused" : inFlight(error.message);
    return pending(reason, error.code);
  }
  if (verdict?.kind === "rejected") return pending("refused", error?.code ?? null);
  if (error !== null) return pending(status >= 500 ? "server_error" : "unreadable_answer", error.code);
  return json === null ? pending("unreadable_answer", null) : finalOf(json, query);
}

/** Only an answer about the very request that was asked after, and that ran, says anything. */
function finalOf(json: JsonObject, query: StkQuery): StkQueryOutcome {
  const resultCode = codeAt(json, "ResultCode");
  const about = textAt(json, "CheckoutRequestID") ?? query.checkoutRequestId;
  if (codeAt(json, "ResponseCode") !== "0" || resultCode === null || about !== query.checkoutRequestId) {
    return pending("unreadable_answer", resultCode);
  }
  const description = redact(descriptionOf(textAt(json, "ResultDesc")));
  const result = stkResult(resultCode);
  if (result.outcome === "paid") return { kind: "paid", resultCode, description };
  if (result.outcome === "failed") return { kind: "failed", resultCode, description, failure: result.failure };
  if (result.outcome === "pending") return pending("processing", resultCode);
  return pending(STK_RESULTS.has(resultCode) ? "needs_review" : "unknown_code", resultCode);
}

/** "Does not exist" is also said of ids that do (daraja.md section 3): never more than a hint. */
function inFlight(message: string): PendingReason {
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

/** The same stamp inside and outside the password (daraja.md section 2.1). */
function passwordAt(now: number, of: { readonly businessShortcode: string; readonly passkey: string }): {
  readonly Password: string;
  readonly Timestamp: string;
} {
  const timestamp = nairobiStamp(now);
  return { Password: base64(`${of.businessShortcode}${of.passkey}${timestamp}`), Timestamp: timestamp };
}
