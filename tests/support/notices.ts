import assert from "node:assert/strict";
import type { CapabilityKind } from "../../src/crypto/capability.ts";
import type { PayoutView } from "../../src/domain/payouts/contract.ts";
import type { InProcess } from "./in-process.ts";

/** Results of payouts and reversals as Daraja sends them (daraja.md sections 6 and 7.3). Amounts in shillings. */

interface Result {
  readonly code?: number | string;
  readonly text?: string;
  readonly receipt?: string;
  readonly conversation?: string;
  readonly originator?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

function resultNotice({ code = 0, text, receipt = "UKM0000000", conversation, originator, parameters }: Result) {
  const items = Object.entries(parameters ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return {
    Result: {
      ResultType: 0,
      ResultCode: code,
      ResultDesc: text ?? (code === 0 ? "The service request is processed successfully." : "declined"),
      ...(originator === undefined ? {} : { OriginatorConversationID: originator }),
      ...(conversation === undefined ? {} : { ConversationID: conversation }),
      TransactionID: receipt,
      ...(items.length === 0 ? {} : { ResultParameters: { ResultParameter: items } }),
    },
  };
}

/** The payout was paid. */
export const paidNotice = (payout: PayoutView, receipt = "UKM1A2B3C4", amount = payout.amount / 100): unknown =>
  resultNotice({
    receipt,
    originator: payout.originator_conversation_id,
    parameters: { TransactionAmount: amount, TransactionReceipt: receipt },
  });

/** The payout failed with this code. */
export const failureNotice = (payout: PayoutView, code: number | string = 2040): unknown =>
  resultNotice({ code, originator: payout.originator_conversation_id });

/** The payment with receipt `original` was reversed. */
export const reversedNotice = (original: string, amount = 1_500, receipt = "UKR1A2B3C4"): unknown =>
  resultNotice({ receipt, parameters: { Amount: amount, OriginalTransactionID: original } });

/** The reversal failed with this code. */
export const notReversedNotice = (code: number | string = 1): unknown => resultNotice({ code });

/** Transaction Status answers that no transaction was found. */
export const notFoundNotice = (): unknown => resultNotice({ code: 2033, text: "" });

/** Posts a notice to the callback URL of a payout or refund, and lets what follows at once happen. */
export async function tell(run: InProcess, id: string, kind: CapabilityKind, notice: unknown): Promise<void> {
  const answer = await run.notify(run.services.capabilities.mint(kind, id), JSON.stringify(notice));
  assert.equal(answer.status, 200);
  await run.pass(100);
}
