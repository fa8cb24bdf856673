import type { Account } from "../core/accounts.ts";
import type { Transaction } from "../core/transactions.ts";
import type { Conversation } from "../core/conversations.ts";
import { publicNameOf } from "../core/people.ts";
import type { World } from "../core/world.ts";

/** Finds a transaction of this account by its receipt or by one of its conversation ids. */
export function findConversation(world: World, account: Account | undefined, id: string): Conversation | undefined {
  if (!account) return undefined;
  const transaction = world.transactions.find(id);
  const conversation = world.conversations.get(transaction?.originator_conversation_id ?? id);
  if (conversation) {
    return conversation.isHidden || conversation.shortcode !== account.number ? undefined : conversation;
  }
  return transaction?.shortcode === account.number ? customerPayment(account, transaction) : undefined;
}

/** An STK or C2B payment in the form of Transaction Status. */
function customerPayment(account: Account, transaction: Transaction): Conversation {
  const at = Date.parse(transaction.at);
  return {
    originatorConversationId: "",
    conversationId: "",
    shortcode: account.number,
    amount: transaction.amount,
    initiatedAt: at,
    reason: account.shortcode.kind === "till" ? "Merchant Payment" : "Pay Bill Online",
    debitParty: publicNameOf(transaction.phone ?? ""),
    creditParty: account.publicName,
    debitAccount: "M-PESA Account",
    charges: "",
    phone: transaction.phone,
    status: "Completed",
    receipt: transaction.receipt,
    finalisedAt: at,
    isHidden: false,
  };
}
