import type { World } from "./world.ts";

/** A `Key`/`Value` pair of a result; some have no value. */
export interface ResultItem {
  readonly Key: string;
  readonly Value?: unknown;
}

/** The ids of one asynchronous request, which are in the immediate answer and in the result. */
export interface AsyncIds {
  readonly originatorConversationId: string;
  readonly conversationId: string;
}

export interface ResultParts {
  readonly code: number | string;
  readonly description: string;
  readonly transactionId: string;
  /** An array, or a single object as in the failures of some operations. Without it there are no ResultParameters. */
  readonly parameters?: readonly ResultItem[] | ResultItem;
  readonly reference: readonly ResultItem[] | ResultItem;
}

/** The common acknowledgement (daraja.md section 7). */
export function acknowledgement(ids: AsyncIds): Record<string, string> {
  return {
    ConversationID: ids.conversationId,
    OriginatorConversationID: ids.originatorConversationId,
    ResponseCode: "0",
    ResponseDescription: "Accept the service request successfully.",
  };
}

/** The common `Result` envelope (daraja.md section 6). */
export function resultJson(ids: AsyncIds, parts: ResultParts): string {
  return JSON.stringify({
    Result: {
      ResultType: 0,
      ResultCode: parts.code,
      ResultDesc: parts.description,
      OriginatorConversationID: ids.originatorConversationId,
      ConversationID: ids.conversationId,
      TransactionID: parts.transactionId,
      ...(parts.parameters ? { ResultParameters: { ResultParameter: parts.parameters } } : {}),
      ReferenceData: { ReferenceItem: parts.reference },
    },
  });
}

/** The notice that a request expired in its queue. No real one is public, so its form is a guess (daraja.md section 6). */
export function queueTimeoutJson(ids: AsyncIds): string {
  return JSON.stringify({
    Result: {
      ResultType: 1,
      ResultCode: 1,
      ResultDesc: "The service request timed out.",
      OriginatorConversationID: ids.originatorConversationId,
      ConversationID: ids.conversationId,
    },
  });
}

/** The reference that most results have: a URL inside Safaricom. */
export function timeoutReference(kind: string): ResultItem {
  return { Key: "QueueTimeoutURL", Value: `https://internalsandbox.safaricom.co.ke/mpesa/${kind}/v1/submit` };
}

export function newAsyncIds(world: World): AsyncIds {
  return { originatorConversationId: world.ids.group(), conversationId: world.ids.conversation() };
}
