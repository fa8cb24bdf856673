import { resultDescription } from "./result-codes.ts";
import type { Conversation } from "./conversations.ts";
import { DarajaError, ok, type Reply } from "./reply.ts";
import { acknowledgement, queueTimeoutJson, type ResultItem, resultJson, type ResultParts } from "./result.ts";
import type { World } from "./world.ts";

/** How an asynchronous movement goes wrong (design.md section 9, scenarios 9014 to 9017). */
export interface Fault {
  /** `timeout`: a queue-timeout notice first, then the result. */
  readonly notice: "result" | "timeout" | "never";
  /** Answers with error 500.002.1001 although the request was accepted. */
  readonly rejectsAcceptedRequest?: boolean;
  /** The money moves at once, and not only with the result. */
  readonly settlesAtOnce?: boolean;
  /** The money never moves, and Transaction Status does not find the request. */
  readonly isHidden?: boolean;
}

/** An asynchronous request that moves money: a payout, a reversal, B2B. */
export interface Movement {
  readonly conversation: Conversation;
  readonly fault: Fault;
  /** Moves the money and returns the receipt, or returns the code of the reason against it. Called once. */
  readonly move: () => { receipt: string } | { code: number | string };
  /** The parameters of a result; undefined for a result without any. */
  readonly parameters: (code: number | string) => readonly ResultItem[] | ResultItem | undefined;
  readonly reference: ResultParts["reference"];
  readonly resultUrl: string;
  readonly timeoutUrl: string;
}

/** Stores the movement, starts it, and makes the answer to the request. */
export function startMovement(world: World, movement: Movement): Reply {
  const { conversation, fault } = movement;
  world.conversations.set(conversation.originatorConversationId, conversation);
  world.conversations.set(conversation.conversationId, conversation);
  if (fault.settlesAtOnce) settleMovement(world, movement);
  if (fault.notice !== "never") world.tasks.after(world.options.callbackDelayMs, () => sendNotices(world, movement));
  if (fault.rejectsAcceptedRequest) throw new DarajaError(500, "500.002.1001", "System internal error.");
  return ok(acknowledgement(conversation));
}

async function sendNotices(world: World, movement: Movement): Promise<void> {
  if (movement.fault.notice !== "timeout") return await sendResult(world, movement);
  const { conversation } = movement;
  await world.outbox.post(movement.timeoutUrl, conversation.shortcode, queueTimeoutJson(conversation));
  world.tasks.after(world.options.callbackDelayMs, () => sendResult(world, movement));
}

async function sendResult(world: World, movement: Movement): Promise<void> {
  const { conversation } = movement;
  const code = settleMovement(world, movement);
  const parameters = movement.parameters(code);
  const json = resultJson(conversation, {
    code,
    description: resultDescription(code),
    transactionId: conversation.receipt ?? world.ids.placeholder(),
    ...(parameters ? { parameters } : {}),
    reference: movement.reference,
  });
  await world.outbox.post(movement.resultUrl, conversation.shortcode, json);
}

function settleMovement(world: World, movement: Movement): number | string {
  const { conversation } = movement;
  const moved = movement.move();
  conversation.finalisedAt = world.now();
  if ("code" in moved) {
    conversation.status = "Declined";
    return moved.code;
  }
  conversation.status = "Completed";
  conversation.receipt = moved.receipt;
  return 0;
}

/** Sends `json` to `url` after the usual delay. For queries, which move no money. */
export function sendLater(world: World, url: string, shortcode: string, json: () => string): void {
  world.tasks.after(world.options.callbackDelayMs, async () => {
    await world.outbox.post(url, shortcode, json());
  });
}
