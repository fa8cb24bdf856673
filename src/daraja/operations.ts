/** Transaction status, account balance and reversal (daraja.md sections 7.1, 7.2 and 7.3). */

import { readAsyncAck, toAnswer } from "./acks.ts";
import { call, type Caller } from "./call.ts";
import { defaultTimeoutMs, initiatorFields, plainId, resultUrlFields, shillingsOrRejection } from "./request-fields.ts";
import type { Answer, AsyncAccepted, BalanceQuery, DarajaApp, Reversal, TransactionStatusQuery } from "./types.ts";

/** Asks what became of a transaction; the result comes to `resultUrl`. It moves no money, so it may be sent twice. */
export async function transactionStatus(
  caller: Caller,
  app: DarajaApp,
  query: TransactionStatusQuery,
): Promise<Answer<AsyncAccepted>> {
  const subject = "transactionId" in query.of
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
        ...subject,
        PartyA: plainId(caller.deps, query.shortcode),
        IdentifierType: "4",
        ...resultUrlFields(query),
        Remarks: query.remarks ?? "Status",
        Occasion: query.occasion ?? "Status", // spelled with one s here, unlike in B2C (daraja.md section 0.8)
      },
    }),
    readAsyncAck,
  );
}

/** Asks for the balances of a shortcode's accounts; the result comes to `resultUrl`. */
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

/** Gives a whole C2B payment back to the payer. Never sent twice. */
export async function reversal(caller: Caller, app: DarajaApp, request: Reversal): Promise<Answer<AsyncAccepted>> {
  const amount = shillingsOrRejection(request.amount);
  if (typeof amount !== "number") return amount;
  return toAnswer(
    await call(caller, app, {
      name: "reversal",
      path: "/mpesa/reversal/v1/request",
      shortcode: request.shortcode,
      timeoutMs: defaultTimeoutMs(caller.deps),
      isSafeToRepeat: false,
      body: {
        ...initiatorFields(request.initiator),
        CommandID: "TransactionReversal",
        TransactionID: request.transactionId,
        Amount: amount,
        ReceiverParty: plainId(caller.deps, request.shortcode),
        RecieverIdentifierType: "11", // Daraja's spelling; it refuses the correct one (daraja.md section 7.3)
        ...resultUrlFields(request),
        Remarks: request.remarks,
        ...(request.occasion === undefined ? {} : { Occasion: request.occasion }),
      },
    }),
    readAsyncAck,
  );
}
