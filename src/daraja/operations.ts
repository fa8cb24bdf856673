/** Transaction status, account balance and reversal (daraja.md sections 7.1, 7.2 and 7.3). */

import { accept, readAsyncAck } from "./acks.ts";
import { call, type Caller } from "./call.ts";
import { answeredAt, digits, otherTimeout, securedBy, shillings } from "./request.ts";
import type { Answer, AsyncAccepted, BalanceQuery, DarajaApp, Reversal, TransactionStatusQuery } from "./types.ts";

/** Asks what became of a transaction; the finding comes to `resultUrl`. Harmless, so sent again after a cut. */
export async function transactionStatus(
  caller: Caller,
  app: DarajaApp,
  query: TransactionStatusQuery,
): Promise<Answer<AsyncAccepted>> {
  const of = "transactionId" in query.of
    ? { TransactionID: query.of.transactionId }
    : { OriginalConversationID: query.of.originalConversationId };
  return accept(
    await call(caller, app, {
      name: "transaction_status",
      path: "/mpesa/transactionstatus/v1/query",
      shortcode: query.shortcode,
      timeoutMs: otherTimeout(caller.deps),
      harmless: true,
      body: {
        ...securedBy(query.initiator),
        CommandID: "TransactionStatusQuery",
        ...of,
        PartyA: digits(caller.deps, query.shortcode),
        IdentifierType: "4",
        ...answeredAt(query),
        Remarks: query.remarks ?? "Status",
        Occasion: query.occasion ?? "Status", // spelled right here, unlike B2C's (daraja.md section 0.8)
      },
    }),
    readAsyncAck,
  );
}

/** Asks for the balances of a shortcode's accounts; they come to `resultUrl`. */
export async function accountBalance(
  caller: Caller,
  app: DarajaApp,
  query: BalanceQuery,
): Promise<Answer<AsyncAccepted>> {
  return accept(
    await call(caller, app, {
      name: "account_balance",
      path: "/mpesa/accountbalance/v1/query",
      shortcode: query.shortcode,
      timeoutMs: otherTimeout(caller.deps),
      harmless: true,
      body: {
        ...securedBy(query.initiator),
        CommandID: "AccountBalance",
        PartyA: digits(caller.deps, query.shortcode),
        IdentifierType: "4",
        Remarks: query.remarks ?? "Balance",
        ...answeredAt(query),
      },
    }),
    readAsyncAck,
  );
}

/** Gives a C2B payment back, whole. Never sent twice. */
export async function reversal(caller: Caller, app: DarajaApp, back: Reversal): Promise<Answer<AsyncAccepted>> {
  const amount = shillings(back.amount);
  if (typeof amount !== "number") return amount;
  return accept(
    await call(caller, app, {
      name: "reversal",
      path: "/mpesa/reversal/v1/request",
      shortcode: back.shortcode,
      timeoutMs: otherTimeout(caller.deps),
      harmless: false,
      body: {
        ...securedBy(back.initiator),
        CommandID: "TransactionReversal",
        TransactionID: back.transactionId,
        Amount: amount,
        ReceiverParty: digits(caller.deps, back.shortcode),
        RecieverIdentifierType: "11", // Daraja's spelling; the right one is refused (daraja.md section 7.3)
        ...answeredAt(back),
        Remarks: back.remarks,
        ...(back.occasion === undefined ? {} : { Occasion: back.occasion }),
      },
    }),
    readAsyncAck,
  );
}
