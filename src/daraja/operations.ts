/** Transaction status, account balance and reversal (daraja.md sections 7.1, 7.2 and 7.3). */

import { readAsyncAck, toAnswer } from "./acks.ts";
import { call, type Caller } from "./call.ts";
import { defaultTimeoutMs, initiatorFields, plainId, resultUrlFields, shillingsOrRejection } from "./request-fields.ts";
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
  return toAnswer(
    await call(caller, app, {
      name: "transaction_status",
      path: "/mpesa/transactionstatus/v1/query",
      shortcode: query.shortcode,
      timeoutMs: defaultTimeoutMs(caller.deps),
      isSafeToRepeat: true,
      body: {
        ...initiatorFields(query.initiator),
        CommandID: "TransactionStatusQuery",
        ...of,
        PartyA: plainId(caller.deps, query.shortcode),
        IdentifierType: "4",
        ...resultUrlFields(query),
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
  return toAnswer(
    await call(caller, app, {
      name: "account_balance",
      path: "/mpesa/accountbalance/v1/query",
      shortcode: query.shortcode,
      timeoutMs: defaultTimeoutMs(caller.deps),
      isSafeToRepeat: true,
      body: {
        ...initiatorFields(query.initiator),
        CommandID: "AccountBalance",
        PartyA: plainId(caller.deps, query.shortcode),
        IdentifierType: "4",
        Remarks: query.remarks ?? "Balance",
        ...resultUrlFields(query),
      },
    }),
    readAsyncAck,
  );
}

/** Gives a C2B payment back, whole. Never sent twice. */
export async function reversal(caller: Caller, app: DarajaApp, back: Reversal): Promise<Answer<AsyncAccepted>> {
  const amount = shillingsOrRejection(back.amount);
  if (typeof amount !== "number") return amount;
  return toAnswer(
    await call(caller, app, {
      name: "reversal",
      path: "/mpesa/reversal/v1/request",
      shortcode: back.shortcode,
      timeoutMs: defaultTimeoutMs(caller.deps),
      isSafeToRepeat: false,
      body: {
        ...initiatorFields(back.initiator),
        CommandID: "TransactionReversal",
        TransactionID: back.transactionId,
        Amount: amount,
        ReceiverParty: plainId(caller.deps, back.shortcode),
        RecieverIdentifierType: "11", // Daraja's spelling; the right one is refused (daraja.md section 7.3)
        ...resultUrlFields(back),
        Remarks: back.remarks,
        ...(back.occasion === undefined ? {} : { Occasion: back.occasion }),
      },
    }),
    readAsyncAck,
  );
}
