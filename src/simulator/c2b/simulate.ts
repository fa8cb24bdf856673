import { amountField, oneOf, phoneField, shortcodeField, text } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { ok, type Reply } from "../core/reply.ts";
import { payC2b } from "./pay.ts";
import { ownAccount, withC2bErrorCodes } from "./register.ts";

/** `POST /mpesa/c2b/v1|v2/simulate`: a customer's payment, some time after the answer (daraja.md section 5.2). */
export function simulateC2b(call: Call): Reply {
  return withC2bErrorCodes(() => {
    const account = ownAccount(call, shortcodeField(call.fields, "ShortCode"));
    oneOf(call.fields, "CommandID", ["CustomerPayBillOnline", "CustomerBuyGoodsOnline"]);
    const payment = {
      amount: amountField(call.fields, "Amount", 1, 250_000),
      phone: phoneField(call.fields, "Msisdn"),
      reference: text(call.fields, "BillRefNumber") ?? "",
    };
    const { world } = call;
    world.tasks.after(world.options.callbackDelayMs, async () => {
      await payC2b(world, account, payment);
    });
    return ok({
      OriginatorCoversationID: world.ids.group(),
      ResponseCode: "0",
      ResponseDescription: "Accept the service request successfully.",
    });
  });
}
