import type { Conversation } from "../core/conversations.ts";
import { nairobiStamp } from "../core/nairobi-time.ts";
import { oneOf, required, shortcodeField, text, urlField } from "../core/fields.ts";
import { initiatorFields, isInitiator, optionalRemark, remarksField } from "../core/initiator.ts";
import { sendLater } from "../core/movement.ts";
import type { Call } from "../core/operation.ts";
import { invalid, ok, type Reply } from "../core/reply.ts";
import { acknowledgement, newAsyncIds, type ResultItem, resultJson } from "../core/result.ts";
import { resultDescription } from "../core/result-codes.ts";
import { findConversation } from "./find-conversation.ts";

/** `POST /mpesa/transactionstatus/v1/query` (daraja.md section 7.1): the answer comes to ResultURL. */
export function transactionStatus(call: Call): Reply {
  const { world } = call;
  const input = read(call);
  const account = world.accounts.find(input.number);
  const isAllowed = account?.shortcode.consumerKey === call.app.key && isInitiator(account, input.initiator);
  call.entry.phone = isAllowed ? findConversation(world, account, input.id)?.phone ?? null : null;
  const ids = newAsyncIds(world);
  sendLater(world, input.resultUrl, input.number, () => {
    const found = isAllowed ? findConversation(world, account, input.id) : undefined;
    const code = !isAllowed ? 2001 : found ? 0 : 2033;
    return resultJson(ids, {
      code,
      description: resultDescription(code),
      transactionId: world.ids.placeholder(),
      ...(found ? { parameters: parameters(found) } : {}),
      reference: input.occasion === "" ? { Key: "Occasion" } : { Key: "Occasion", Value: input.occasion },
    });
  });
  return ok(acknowledgement(ids));
}

function read({ fields }: Call) {
  const initiator = initiatorFields(fields, "Initiator");
  oneOf(fields, "CommandID", ["TransactionStatusQuery"]);
  const id = text(fields, "TransactionID") ?? text(fields, "OriginalConversationID");
  if (id === undefined) throw invalid("TransactionID");
  const number = shortcodeField(fields, "PartyA");
  required(fields, "IdentifierType", /^[124]$/);
  const resultUrl = urlField(fields, "ResultURL");
  urlField(fields, "QueueTimeOutURL");
  remarksField(fields);
  return { initiator, id, number, resultUrl, occasion: optionalRemark(fields, "Occasion") };
}

/** As in Daraja's sample: all values are strings, DebitPartyName comes twice (the second is the payee), some values are missing. */
function parameters(found: Conversation): readonly ResultItem[] {
  return [
    { Key: "DebitPartyName", Value: found.debitParty },
    { Key: "DebitPartyName", Value: found.creditParty },
    { Key: "OriginatorConversationID", Value: found.originatorConversationId },
    { Key: "InitiatedTime", Value: nairobiStamp(found.initiatedAt) },
    { Key: "DebitAccountType", Value: found.debitAccount },
    { Key: "DebitPartyCharges", Value: found.charges },
    { Key: "TransactionReason" },
    { Key: "ReasonType", Value: found.reason },
    { Key: "TransactionStatus", Value: found.status },
    resultItem("FinalisedTime", found.finalisedAt === null ? null : nairobiStamp(found.finalisedAt)),
    { Key: "Amount", Value: String(found.amount) },
    { Key: "ConversationID", Value: found.conversationId },
    resultItem("ReceiptNo", found.receipt),
  ];
}

function resultItem(Key: string, value: string | null): ResultItem {
  return value === null ? { Key } : { Key, Value: value };
}
