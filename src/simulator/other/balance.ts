import { type Account, accountLine } from "../core/accounts.ts";
import { nairobiStamp } from "../core/nairobi-time.ts";
import { oneOf, required, shortcodeField, urlField } from "../core/fields.ts";
import { initiatorFields, isInitiator, remarksField } from "../core/initiator.ts";
import { sendLater } from "../core/movement.ts";
import type { Call } from "../core/operation.ts";
import { ok, type Reply } from "../core/reply.ts";
import { acknowledgement, newAsyncIds, resultJson, timeoutReference } from "../core/result.ts";
import { resultDescription } from "../core/result-codes.ts";

/** `POST /mpesa/accountbalance/v1/query` (daraja.md section 7.2). */
export function accountBalance(call: Call): Reply {
  const { fields, world } = call;
  const initiator = initiatorFields(fields, "Initiator");
  oneOf(fields, "CommandID", ["AccountBalance"]);
  const number = shortcodeField(fields, "PartyA");
  required(fields, "IdentifierType", /^[24]$/);
  remarksField(fields);
  urlField(fields, "QueueTimeOutURL");
  const resultUrl = urlField(fields, "ResultURL");
  const account = world.accounts.find(number);
  const isAllowed = account?.shortcode.consumerKey === call.app.key && isInitiator(account, initiator);
  const ids = newAsyncIds(world);
  sendLater(world, resultUrl, number, () => {
    const completed = { Key: "BOCompletedTime", Value: Number(nairobiStamp(world.now())) };
    const code = isAllowed ? 0 : 2001;
    return resultJson(ids, {
      code,
      description: resultDescription(code),
      transactionId: world.ids.placeholder(),
      // A failure's parameter is a single object, not a list.
      parameters: isAllowed
        ? [
          { Key: "ActionType", Value: "AccountBalance" },
          { Key: "AccountBalance", Value: accountLines(account) },
          completed,
        ]
        : completed,
      reference: timeoutReference("abresults"),
    });
  });
  return ok(acknowledgement(ids));
}

function accountLines(account: Account): string {
  const isTill = account.shortcode.kind === "till";
  return [
    accountLine("Working Account", account.workingCents),
    accountLine(isTill ? "Merchant Account" : "Float Account", 0),
    accountLine("Utility Account", account.utilityCents),
    accountLine("Charges Paid Account", account.chargesCents),
    accountLine("Organization Settlement Account", 0),
  ].join("&");
}
