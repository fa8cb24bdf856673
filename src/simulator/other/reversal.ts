import { faultOf } from "../b2c/scenarios.ts";
import { type Account, accountLine } from "../core/accounts.ts";
import type { Transaction } from "../core/transactions.ts";
import { type Conversation, openConversation } from "../core/conversations.ts";
import { nairobiStamp } from "../core/nairobi-time.ts";
import { amountField, oneOf, required, shortcodeField, urlField } from "../core/fields.ts";
import { initiatorFields, isInitiator, remarksField } from "../core/initiator.ts";
import { type Movement, startMovement } from "../core/movement.ts";
import type { Call } from "../core/operation.ts";
import { publicNameOf } from "../core/people.ts";
import type { Reply } from "../core/reply.ts";
import { newAsyncIds, type ResultItem, timeoutReference } from "../core/result.ts";
import type { World } from "../core/world.ts";

/**
 * `POST /mpesa/reversal/v1/request` (daraja.md section 7.3): gives a customer's payment back. With a payer whose number
 * ends in 9014 to 9017 it goes wrong in the same way as a payout to that number.
 */
export function reversal(call: Call): Reply {
  const { world } = call;
  const input = read(call);
  const account = world.accounts.find(input.number);
  const isAllowed = account?.shortcode.consumerKey === call.app.key && isInitiator(account, input.initiator);
  const original = isAllowed ? originalOf(world, account, input.receipt, input.amount) : undefined;
  const phone = original?.phone ?? null;
  const fault = faultOf(phone ?? "");
  call.entry.phone = phone;
  const conversation = openConversation({
    ...newAsyncIds(world),
    shortcode: account?.number ?? input.number,
    amount: input.amount,
    initiatedAt: world.now(),
    reason: "Transaction Reversal via API",
    debitParty: account?.publicName ?? input.number,
    creditParty: phone ? publicNameOf(phone) : "",
    debitAccount: "Utility Account",
    charges: "",
    phone,
    isHidden: fault.isHidden === true,
  });
  return startMovement(world, {
    conversation,
    fault,
    move: () => isAllowed && account ? moveBack(world, account, original, conversation) : { code: 2001 },
    parameters: (code) => code === 0 && account ? parameters(conversation, account, input.receipt) : undefined,
    reference: timeoutReference("reversalresults"),
    resultUrl: input.resultUrl,
    timeoutUrl: input.timeoutUrl,
  });
}

function read({ fields }: Call) {
  const initiator = initiatorFields(fields, "Initiator");
  oneOf(fields, "CommandID", ["TransactionReversal"]);
  const receipt = required(fields, "TransactionID", /^[A-Z0-9]{10}$/);
  const amount = amountField(fields, "Amount", 1, 250_000);
  const number = shortcodeField(fields, "ReceiverParty");
  required(fields, "RecieverIdentifierType", /^11$/);
  const resultUrl = urlField(fields, "ResultURL");
  const timeoutUrl = urlField(fields, "QueueTimeOutURL");
  remarksField(fields);
  return { initiator, receipt, amount, number, resultUrl, timeoutUrl };
}

/** The payment to reverse. It must be a customer's payment to this account, of at least this amount. */
function originalOf(world: World, account: Account | undefined, receipt: string, amount: number) {
  const original = world.transactions.find(receipt);
  if (!original || original.shortcode !== account?.number || amount > original.amount) return undefined;
  return original.kind === "stk" || original.kind === "c2b" ? original : undefined;
}

function moveBack(
  world: World,
  account: Account,
  original: Transaction | undefined,
  conversation: Conversation,
): ReturnType<Movement["move"]> {
  if (!original) return { code: "R000002" };
  if (world.transactions.isReversed(original.receipt)) return { code: "R000001" };
  const cents = conversation.amount * 100;
  if (account.utilityCents < cents) return { code: 1 };
  account.utilityCents -= cents;
  return world.transactions.record({
    kind: "reversal",
    amount: conversation.amount,
    phone: original.phone,
    shortcode: account.number,
    account_reference: original.account_reference,
    originator_conversation_id: conversation.originatorConversationId,
    original_receipt: original.receipt,
  });
}

function parameters(conversation: Conversation, account: Account, original: string): readonly ResultItem[] {
  return [
    { Key: "DebitAccountBalance", Value: accountLine("Utility Account", account.utilityCents) },
    { Key: "Amount", Value: conversation.amount },
    { Key: "TransCompletedTime", Value: Number(nairobiStamp(conversation.finalisedAt ?? 0)) },
    { Key: "OriginalTransactionID", Value: original },
    { Key: "Charge", Value: 0 },
    { Key: "CreditPartyPublicName", Value: conversation.creditParty },
    { Key: "DebitPartyPublicName", Value: conversation.debitParty },
  ];
}
