import { required, shortcodeField, timestampField } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { DarajaError, ok, type Reply } from "../core/reply.ts";
import { queryDescription } from "./codes.ts";
import { authenticate } from "./process-request.ts";
import type { Push } from "../core/push.ts";

/** `POST /mpesa/stkpushquery/v1/query` (daraja.md section 3). */
export function stkQuery(call: Call): Reply {
  const shortcode = shortcodeField(call.fields, "BusinessShortCode");
  const timestamp = timestampField(call.fields);
  const id = required(call.fields, "CheckoutRequestID", /^ws_CO_\S{1,90}$/);
  const account = authenticate(call, shortcode, timestamp);
  const push = call.world.pushes.get(id);
  if (!push || push.account !== account) {
    throw new DarajaError(500, "500.001.1001", "The transaction does not Exist");
  }
  call.entry.phone = push.phone;
  push.queries += 1;
  return answer(push);
}

function answer(push: Push): Reply {
  const { query } = push.scenario;
  if (query === "spike") return spikeArrest;
  if (query === "flapping" && push.queries === 1) return pendingReply(push);
  if (query === "flapping" && push.queries === 2) {
    throw new DarajaError(500, "500.001.1001", "The transaction is being processed");
  }
  if (push.result !== null) return finalReply(push, push.result);
  return query === "cancelled-at-first" ? finalReply(push, 1032) : pendingReply(push);
}

function pendingReply(push: Push): Reply {
  return resultReply(push, "4999", "The transaction is still under processing");
}

function finalReply(push: Push, code: number | string): Reply {
  return resultReply(push, String(code), queryDescription(code));
}

function resultReply(push: Push, code: string, words: string): Reply {
  return ok({
    ResponseCode: "0",
    ResponseDescription: "The service request has been accepted successsfully",
    MerchantRequestID: push.merchantRequestId,
    CheckoutRequestID: push.checkoutRequestId,
    ResultCode: code,
    ResultDesc: words,
  });
}

const spikeArrest: Reply = {
  status: 429,
  body: {
    fault: {
      faultstring: "Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, " +
        "periodInMicroseconds=60000000, maxBurstMessageCount=1.0}",
      detail: { errorcode: "policies.ratelimit.SpikeArrestViolation" },
    },
  },
};
