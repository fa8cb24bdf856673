import { type Evidence, groupBy } from "./evidence.ts";
import type { Verdict } from "./verdict.ts";

/** Money out: no payout moves twice, and none that moved is called anything but succeeded. */
export function judgePayouts({ rows, books }: Evidence, verdict: Verdict): void {
  const moved = books.filter(({ kind }) => kind === "b2c");
  for (const [id, transfers] of groupBy(moved, ({ originator_conversation_id }) => originator_conversation_id)) {
    if (transfers.length > 1) verdict.add("paid twice", `${transfers.length} transfers of ${id}`, id);
  }
  const byOriginator = new Map(moved.map((money) => [money.originator_conversation_id, money]));
  for (const payout of rows.payouts) {
    const money = byOriginator.get(payout.originator_conversation_id);
    const about = [payout.id, payout.originator_conversation_id];
    if (money === undefined) {
      if (payout.status === "succeeded") verdict.add("recorded though not paid", payout.id, ...about);
    } else if (["failed", "rejected", "cancelled"].includes(payout.status)) {
      verdict.add("called failed though paid", `${payout.id} is ${payout.status}`, ...about, money.phone);
    } else if (payout.status !== "succeeded") {
      verdict.add("lost", `${payout.id} is ${payout.status}, though it moved`, ...about, money.phone);
    } else if (payout.receipt !== null && payout.receipt !== money.receipt) {
      verdict.add("lost", `${payout.id} has another receipt than ${money.receipt}`, ...about, money.phone);
    }
    if (["queued", "submitted"].includes(payout.status)) {
      verdict.add("stuck", `${payout.id} is ${payout.status}`, ...about, money?.phone);
    }
  }
  const known = new Set(rows.payouts.map((payout) => payout.originator_conversation_id));
  for (const money of moved) {
    if (!known.has(money.originator_conversation_id ?? "")) {
      verdict.add("lost", `a transfer to ${money.phone} that is no payout's`, money.phone);
    }
  }
  const reversed = groupBy(books.filter(({ kind }) => kind === "reversal"), ({ original_receipt }) => original_receipt);
  for (const [receipt, reversals] of reversed) {
    if (reversals.length > 1) verdict.add("paid twice", `${receipt} was reversed ${reversals.length} times`);
  }
}
