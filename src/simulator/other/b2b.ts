import { type Account, accountLine, decimal } from "../core/accounts.ts";
import { type Conversation, openConversation } from "../core/conversations.ts";
import { nairobiStamp } from "../core/nairobi-time.ts";
import { amountField, oneOf, phoneField, required, shortcodeField, text, urlField } from "../core/fields.ts";
import { initiatorFields, isInitiator, optionalRemark } from "../core/initiator.ts";
import { type Movement, startMovement } from "../core/movement.ts";
import type { Call } from "../core/operation.ts";
import type { Reply } from "../core/reply.ts";
import { newAsyncIds, type ResultItem, timeoutReference } from "../core/result.ts";
import type { World } from "../core/world.ts";

const TO_UTILITY = "BusinessTransferFromMMFToUtility";
/** The last three are in older lists only (daraja.md section 7.4). */
const COMMANDS = [
  "BusinessPayBill",
  "BusinessBuyGoods",
  "BusinessPayToBulk",
  TO_UTILITY,
  "BusinessToBusinessTransfer",
  "DisburseFundsToBusiness",
  "MerchantToMerchantTransfer",
];
/** They pay a bill, so they name whose. */
const WITH_REFERENCE = ["BusinessPayBill", "PayTaxToKRA"];

/** `POST /mpesa/b2b/v1/paymentrequest` (daraja.md section 7.4). */
export function b2bPaymentRequest(call: Call): Reply {
  return pay(call, oneOf(call.fields, "CommandID", COMMANDS));
}

/** `POST /mpesa/b2b/v1/remittax` (daraja.md section 7.5): B2B to the revenue authority's paybill. */
export function remitTax(call: Call): Reply {
  const command = oneOf(call.fields, "CommandID", ["PayTaxToKRA"]);
  oneOf(call.fields, "PartyB", ["572572"]);
  return pay(call, command);
}

function pay(call: Call, command: string): Reply {
  const { world } = call;
  const input = read(call, command);
  const sender = world.accounts.find(input.from);
  const isAllowed = sender?.shortcode.consumerKey === call.app.key && isInitiator(sender, input.initiator);
  const conversation = openConversation({
    ...newAsyncIds(world),
    shortcode: sender?.number ?? input.from,
    amount: input.amount,
    initiatedAt: world.now(),
    reason: command,
    debitParty: sender?.publicName ?? input.from,
    creditParty: world.accounts.find(input.to)?.publicName ?? `${input.to} - Biller Company`,
    debitAccount: "Working Account",
    charges: "",
    phone: null,
    isHidden: false,
  });
  return startMovement(world, {
    conversation,
    fault: { notice: "result" },
    move: () => isAllowed && sender ? move(world, sender, input, conversation) : { code: 2001 },
    // A failure's parameter is a single object, not a list.
    parameters: (code) =>
      code === 0 && sender
        ? parameters(conversation, sender)
        : { Key: "BOCompletedTime", Value: Number(nairobiStamp(world.now())) },
    reference: [
      { Key: "BillReferenceNumber", Value: input.reference },
      timeoutReference("b2bresults"),
      { Key: "Occassion" },
    ],
    resultUrl: input.resultUrl,
    timeoutUrl: input.timeoutUrl,
  });
}

function read({ fields }: Call, command: string) {
  const initiator = initiatorFields(fields, "Initiator");
  required(fields, "SenderIdentifierType", /^4$/);
  required(fields, "RecieverIdentifierType", /^[24]$/);
  const amount = amountField(fields, "Amount", 1, 50_000_000);
  const from = shortcodeField(fields, "PartyA");
  const to = shortcodeField(fields, "PartyB");
  const hasReference = WITH_REFERENCE.includes(command) || text(fields, "AccountReference") !== undefined;
  const reference = hasReference ? required(fields, "AccountReference", /^[^]{1,20}$/) : "";
  if (text(fields, "Requester") !== undefined) phoneField(fields, "Requester");
  required(fields, "Remarks", /^[^]{1,100}$/);
  optionalRemark(fields, "Occassion");
  const timeoutUrl = urlField(fields, "QueueTimeOutURL");
  const resultUrl = urlField(fields, "ResultURL");
  return { initiator, amount, from, to, reference, timeoutUrl, resultUrl };
}

function move(
  world: World,
  sender: Account,
  input: { to: string; reference: string },
  conversation: Conversation,
): ReturnType<Movement["move"]> {
  const cents = conversation.amount * 100;
  if (sender.workingCents < cents) return { code: 1 };
  sender.workingCents -= cents;
  const receiver = conversation.reason === TO_UTILITY ? sender : world.accounts.find(input.to);
  if (receiver) receiver.utilityCents += cents;
  return world.transactions.record({
    kind: "b2b",
    amount: conversation.amount,
    phone: null,
    shortcode: sender.number,
    account_reference: input.reference,
    originator_conversation_id: conversation.originatorConversationId,
  });
}

function parameters(conversation: Conversation, sender: Account): readonly ResultItem[] {
  const cents = sender.workingCents;
  const balance = `{Amount={CurrencyCode=KES, MinimumAmount=${cents}, BasicAmount=${decimal(cents)}}}`;
  return [
    { Key: "DebitAccountBalance", Value: balance },
    { Key: "Amount", Value: decimal(conversation.amount * 100) },
    { Key: "DebitPartyAffectedAccountBalance", Value: accountLine("Working Account", cents) },
    { Key: "TransCompletedTime", Value: nairobiStamp(conversation.finalisedAt ?? 0) },
    { Key: "DebitPartyCharges", Value: "" },
    { Key: "ReceiverPartyPublicName", Value: conversation.creditParty },
    { Key: "Currency", Value: "KES" },
    { Key: "InitiatorAccountCurrentBalance", Value: balance },
  ];
}
