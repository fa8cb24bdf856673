import type { Account } from "../core/accounts.ts";
import { isRegistrableUrl, oneOf, shortcodeField } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { DarajaError, invalid, ok, type Reply } from "../core/reply.ts";
import type { C2bRegistration } from "../options.ts";

/** `POST /mpesa/c2b/v1|v2/registerurl` (daraja.md section 5.1). */
export function registerUrl(version: C2bRegistration["version"]): (call: Call) => Reply {
  return (call) =>
    withC2bErrorCodes(() => {
      const account = ownAccount(call, shortcodeField(call.fields, "ShortCode"));
      // Safaricom's sandbox paybill takes no URLs: a 600xxx code does (daraja.md section 5.1).
      if (account.number === SANDBOX_PAYBILL) throw new DarajaError(500, "500.003.1001", "Internal Server Error");
      const responseType = oneOf(call.fields, "ResponseType", ["Completed", "Cancelled"]);
      const confirmationUrl = callbackUrlField(call, "ConfirmationURL");
      const validationUrl = call.fields["ValidationURL"] === "" ? "" : callbackUrlField(call, "ValidationURL");
      if (account.c2b && call.world.options.registerUrlsOnce) {
        throw new DarajaError(500, "500.003.1001", "Urls are already registered.");
      }
      account.c2b = {
        version,
        responseType: responseType === "Completed" ? "Completed" : "Cancelled",
        confirmationUrl,
        validationUrl,
      };
      return ok({
        OriginatorCoversationID: call.world.ids.group(),
        ResponseCode: "0",
        ResponseDescription: "Success",
      });
    });
}

/** Runs `work` with the error code of the C2B proxy: 400.003.02 for wrong input. */
export function withC2bErrorCodes<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DarajaError && error.code === "400.002.02") {
      throw new DarajaError(400, "400.003.02", error.message);
    }
    throw error;
  }
}

/** The account of a number. Throws if it does not belong to the calling app. */
export function ownAccount(call: Call, number: string): Account {
  const account = call.world.accounts.find(number);
  if (!account || account.shortcode.consumerKey !== call.app.key) throw invalid("ShortCode");
  return account;
}

const SANDBOX_PAYBILL = "174379";

const TUNNELS = /ngrok|mockbin|requestbin/i;

function callbackUrlField(call: Call, name: string): string {
  const value = call.fields[name];
  if (typeof value !== "string" || !isRegistrableUrl(value) || TUNNELS.test(value)) throw invalid(name);
  return value;
}
