import { parseQueueTimeout, parseResult } from "../../daraja/notices.ts";
import type { PayoutNotice } from "./settle-payout.ts";

/** Reads what came to a payout's callback address of this kind; a text: why it can't be used. Null: no kind of ours. */
export function readPayoutNotice(kind: string, body: string): PayoutNotice | string | null {
  if (kind === "payout_timeout") return { at: "timeout", notice: parseQueueTimeout(body) };
  if (kind === "status_timeout") return { at: "status_timeout" };
  if (kind !== "payout_result" && kind !== "status_result") return null;
  const said = parseResult(body);
  if (said.kind === "unreadable") return said.reason;
  return { at: kind === "payout_result" ? "result" : "status", notice: said };
}
