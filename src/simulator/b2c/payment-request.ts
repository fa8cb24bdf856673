import type { Account } from "../core/accounts.ts";
import { type Conversation, openConversation } from "../core/conversations.ts";
import { nairobiDotted } from "../core/nairobi-time.ts";
import { amountField, oneOf, phoneField, required, shortcodeField, urlField } from "../core/fields.ts";
import { initiatorFields, isInitiator, optionalRemark, remarksField } from "../core/initiator.ts";
import { type Movement, startMovement } from "../core/movement.ts";
import type { Call } from "../core/operation.ts";
import { publicNameOf } from "../core/people.ts";
import { DarajaError, type Reply } from "../core/reply.ts";
import { type ResultItem, timeoutReference } from "../core/result.ts";
import type { World } from "../core/world.ts";
import { faultOf, payoutCodeOf } from "./scenarios.ts";

type Reasons = Readonly<Record<string, string>>;

const reasonsOfPhones: Reasons = {
  SalaryPayment: "Salary Payment via API",
  BusinessPayment: "Business Payment to Customer via API",
  PromotionPayment: "Promotion Payment via API",
};

const FEE_CENTS = 560;

/** `POST /mpesa/b2c/v3|v1/paymentrequest` (daraja.md section 6); v1 accepts no originator id, so Daraja makes one. */
export function b2cPaymentRequest(version: 1 | 3, reasons: Reasons = reasonsOfPhones): (call: Call) => Reply {
  return (call) => {
    const { world } = call;
    const input = read(call, version, reasons);
    if (world.conversations.get(input.originatorConversationId)) {
      throw new DarajaError(500, "500.002.1001", "Duplicate OriginatorConversationID.");
    }
    const candidate = world.accounts.find(input.number);
    const account = candidate?.shortcode.consumerKey === call.app.key ? candidate : undefined;
    const fault = faultOf(input.phone);
    const conversation = openConversation({
      originatorConversationId: input.originatorConversationId,
      conversationId: world.ids.conversation(),
      shortcode: account?.number ?? input.number,
      amount: input.amount,
      initiatedAt: world.now(),
      reason: input.reason,
      debitParty: account?.publicName ?? input.number,
      creditParty: publicNameOf(input.phone),
      debitAccount: "Utility Account",
      charges: `Fee For B2C Payment|KES|${(FEE_CENTS / 100).toFixed(2)}`,
      phone: input.phone,
      isHidden: fault.isHidden === true,
    });
    const code = !account ? 2028 : !isInitiator(account, input.initiator) ? 2001 : payoutCodeOf(input.phone);
    return startMovement(world, {
      conversation,
      fault,
      move: () => pay(world, account, conversation, code),
      parameters: (code) => code === 0 && account ? parameters(conversation, account) : undefined,
      reference: timeoutReference("b2cresults"),
      resultUrl: input.resultUrl,
      timeoutUrl: input.timeoutUrl,
    });
  };
}

/** `POST /mpesa/b2pochi/v1/paymentrequest` (daraja.md section 6): the same to the Pochi wallet of a phone. */
export const b2pochiPaymentRequest = b2cPaymentRequest(1, {
  BusinessPayToPochi: "Business Payment to Pochi via API",
});

/** `POST /mpesa/b2cvalidate/v2/paymentrequest` (daraja.md section 6): only to the person with this identity card. */
export function b2cValidated(call: Call): Reply {
  oneOf(call.fields, "IDType", ["01"]);
  required(call.fields, "IDNumber", /^\d{5,12}$/);
  return b2cPaymentRequest(1)(call);
}

function read({ fields, world }: Call, version: 1 | 3, reasons: Reasons) {
  const originatorConversationId = version === 3
    ? required(fields, "OriginatorConversationID", /^\S{1,100}$/)
    : world.ids.group();
  const initiator = initiatorFields(fields, "InitiatorName");
  const reason = reasons[oneOf(fields, "CommandID", Object.keys(reasons))] ?? "";
  const amount = amountField(fields, "Amount", 10, 250_000);
  const number = shortcodeField(fields, "PartyA");
  const phone = phoneField(fields, "PartyB");
  remarksField(fields);
  const timeoutUrl = urlField(fields, "QueueTimeOutURL");
  const resultUrl = urlField(fields, "ResultURL");
  optionalRemark(fields, "Occassion");
  return { originatorConversationId, initiator, reason, amount, number, phone, timeoutUrl, resultUrl };
}

function pay(
  world: World,
  account: Account | undefined,
  conversation: Conversation,
  code: number,
): ReturnType<Movement["move"]> {
  if (!account || code !== 0) return { code };
  const cents = conversation.amount * 100;
  if (account.utilityCents < cents) return { code: 1 };
  account.utilityCents -= cents;
  account.chargesCents -= FEE_CENTS;
  return world.transactions.record({
    kind: "b2c",
    amount: conversation.amount,
    phone: conversation.phone,
    shortcode: account.number,
    originator_conversation_id: conversation.originatorConversationId,
  });
}

function parameters(conversation: Conversation, account: Account): readonly ResultItem[] {
  return [
    { Key: "TransactionAmount", Value: conversation.amount },
    { Key: "TransactionReceipt", Value: conversation.receipt },
    { Key: "ReceiverPartyPublicName", Value: conversation.creditParty },
    { Key: "TransactionCompletedDateTime", Value: nairobiDotted(conversation.finalisedAt ?? 0) },
    { Key: "B2CUtilityAccountAvailableFunds", Value: account.utilityCents / 100 },
    { Key: "B2CWorkingAccountAvailableFunds", Value: account.workingCents / 100 },
    { Key: "B2CRecipientIsRegisteredCustomer", Value: "Y" },
    { Key: "B2CChargesPaidAccountAvailableFunds", Value: account.chargesCents / 100 },
  ];
}
