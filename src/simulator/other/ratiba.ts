import { amountField, oneOf, phoneField, required, shortcodeField, urlField } from "../core/fields.ts";
import { sendLater } from "../core/movement.ts";
import type { Call } from "../core/operation.ts";
import { ok, type Reply } from "../core/reply.ts";
import { isStkCode } from "../stk/codes.ts";

// "Marchant" is Daraja's spelling.
const TRANSACTION_TYPES = ["Standing Order Customer Pay Bill", "Standing Order Customer Pay Marchant"];

/**
 * `POST /standingorder/v1/createStandingOrderExternal` (daraja.md section 7.8). The customer's last four digits choose
 * the result code, as for a push. No money moves.
 */
export function createStandingOrder(call: Call): Reply {
  const { fields, world } = call;
  required(fields, "StandingOrderName");
  required(fields, "StartDate", /^\d{8}$/);
  required(fields, "EndDate", /^\d{8}$/);
  const number = shortcodeField(fields, "BusinessShortCode");
  oneOf(fields, "TransactionType", TRANSACTION_TYPES);
  required(fields, "ReceiverPartyIdentifierType", /^[24]$/);
  amountField(fields, "Amount", 1, 250_000);
  const phone = phoneField(fields, "PartyA");
  const callbackUrl = urlField(fields, "CallBackURL");
  required(fields, "AccountReference", /^[^]{1,12}$/);
  required(fields, "TransactionDesc", /^[^]{1,13}$/);
  required(fields, "Frequency", /^[1-8]$/);
  const responseRefID = crypto.randomUUID();
  const code = String(Number(phone.slice(-4)));
  sendLater(
    world,
    callbackUrl,
    number,
    () =>
      isStkCode(code) && code !== "0"
        ? failure(responseRefID, phone, code)
        : success(responseRefID, phone, world.ids.receipt()),
  );
  const accepted = { responseCode: "200", responseDescription: "Request accepted for processing" };
  return ok({
    ResponseHeader: { responseRefID, ...accepted, ResultDesc: "The service request is processed successfully." },
    ResponseBody: accepted,
  });
}

/** Daraja writes a success in camelCase and a failure in PascalCase. */
function success(responseRefID: string, phone: string, receipt: string): string {
  return JSON.stringify({
    responseHeader: {
      responseRefID,
      requestRefID: responseRefID,
      responseCode: "0",
      responseDescription: "The service request is processed successfully",
    },
    responseBody: {
      responseData: [
        { name: "TransactionID", value: receipt },
        { name: "responseCode", value: "0" },
        { name: "Status", value: "OKAY" },
        { name: "Msisdn", value: `254******${phone.slice(-3)}` },
      ],
    },
  });
}

function failure(responseRefID: string, phone: string, code: string): string {
  return JSON.stringify({
    ResponseHeader: {
      responseRefID,
      requestRefID: crypto.randomUUID(),
      responseCode: code,
      responseDescription: "Error",
    },
    ResponseBody: {
      ResponseData: [
        { Name: "TransactionID", Value: "0000000000" },
        { Name: "responseCode", Value: code },
        { Name: "Status", Value: "ERROR" },
        { Name: "Msisdn", Value: `*********${phone.slice(-3)}` },
      ],
    },
  });
}
