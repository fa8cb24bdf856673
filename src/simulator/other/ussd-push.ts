import type { Account } from "../core/accounts.ts";
import { required, shortcodeField, urlField } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { invalid, ok, type Reply } from "../core/reply.ts";

const CANCELLED = "4001";
/** An amount that the owner of the till declines: no field of the request names a phone that could choose. */
const DECLINED_AMOUNT = 4001;

/**
 * `POST /v1/ussdpush/get-msisdn` (daraja.md section 7.7): asks the owner of a till to pay a paybill. The owner agrees,
 * except to KES 4,001. The callback is flat, and all its values are text.
 */
export function ussdPush(call: Call): Reply {
  const { fields, world } = call;
  const from = shortcodeField(fields, "primaryShortCode");
  const to = shortcodeField(fields, "receiverShortCode");
  const amount = Number(required(fields, "amount", /^[1-9]\d{0,7}$/));
  const reference = required(fields, "paymentRef");
  const url = urlField(fields, "callbackUrl");
  required(fields, "partnerName");
  const requestId = required(fields, "RequestRefID");
  const sender = world.accounts.find(from);
  if (sender === undefined) throw invalid("primaryShortCode");
  world.tasks.after(world.options.callbackDelayMs, async () => {
    const receipt = amount === DECLINED_AMOUNT ? null : pay(call, sender, to, amount, reference);
    const told = receipt === null
      ? { resultCode: CANCELLED, resultDesc: "User cancelled transaction", requestId, paymentReference: reference }
      : {
        resultCode: "0",
        resultDesc: "The service request is processed successfully.",
        requestId,
        resultType: "0",
        conversationID: world.ids.conversation(),
        transactionId: receipt,
        status: "SUCCESS",
      };
    await world.outbox.post(url, from, JSON.stringify({ ...told, amount: `${amount}.0` }));
  });
  return ok({ code: "0", status: "USSD Initiated Successfully" });
}

/** The receipt; null where the till holds too little. */
function pay({ world }: Call, sender: Account, to: string, amount: number, reference: string): string | null {
  const cents = amount * 100;
  if (sender.workingCents < cents) return null;
  sender.workingCents -= cents;
  const receiver = world.accounts.find(to);
  if (receiver !== undefined) receiver.utilityCents += cents;
  return world.transactions.record({
    kind: "b2b",
    amount,
    phone: null,
    shortcode: sender.number,
    account_reference: reference,
  }).receipt;
}
