import { type Aggregate, Evidence } from "../../../src/domain/checkouts/machine.ts";
import { AMOUNT, type Case, type News } from "./fixtures.ts";

/** The part of a state that does not depend on the order of news. Which of two payments is the duplicate depends on it, so it is left out. */
export interface Ending {
  readonly checkout: string;
  /** Evidence without `second`, and the code of the displayed failure. */
  readonly attempts: readonly { evidence: number; code: string | null }[];
  /** Attempts; null where paybill money competes, since then the order says which was first. */
  readonly succeeded: number | null;
  /** These three: null where parts that add up compete with whole payments, since then the order says which counts. */
  readonly matched: number | null;
  readonly duplicates: number | null;
  readonly partial: number | null;
  /** Whole payments that no prompt asked for. */
  readonly byPaybill: number;
  /** Sorted; a payment without one is "none". */
  readonly receipts: readonly string[];
}

export function endingOf({ checkout, attempts, payments }: Aggregate): Ending {
  const count = (status: string) => payments.filter((payment) => payment.status === status).length;
  return {
    checkout: checkout.status,
    attempts: attempts.map((a) => ({ evidence: a.evidence & ~Evidence.second, code: a.result_code })),
    succeeded: attempts.filter((attempt) => attempt.status === "succeeded").length,
    matched: count("matched"),
    duplicates: count("duplicate_payment"),
    partial: count("partial"),
    byPaybill: payments.filter((p) => p.amount === AMOUNT && p.attempt_id === null && p.channel === "c2b").length,
    receipts: payments.map(({ receipt }) => receipt ?? "none").sort(),
  };
}

/** What the news say about one attempt, without their order. */
function summaryOf(news: readonly News[], attempt: number) {
  const facts = news.flatMap((piece) => piece.kind === "learn" && piece.attempt === attempt ? [piece.fact] : []);
  const paid = facts.flatMap((fact) => fact.kind === "paid" ? [fact.paid] : []);
  const believed = paid.filter(({ amount }) => amount === null || amount === AMOUNT);
  const quarantined = paid.length > believed.length || facts.some(({ kind }) => kind === "unreadable");
  const codes = (via: string) =>
    facts.flatMap((fact) => fact.kind === "failed" && fact.via === via ? [fact.resultCode] : []).sort();
  const has = (kind: string) => facts.some((fact) => fact.kind === kind);
  const evidence = (believed.some(({ amount }) => amount !== null) ? Evidence.exact : 0) |
    (believed.some(({ amount }) => amount === null) ? Evidence.claimed : 0) |
    (quarantined ? Evidence.mismatch : 0) |
    (codes("callback").length > 0 ? Evidence.failedByCallback : 0) |
    (codes("query").length > 0 ? Evidence.failedByQuery : 0) |
    (has("refused") ? Evidence.refused : 0) | (has("plan_ended") ? Evidence.planEnded : 0);
  return {
    evidence,
    code: codes("callback")[0] ?? codes("query")[0] ?? null,
    paid: believed.length > 0,
    receipt: believed.find(({ receipt }) => receipt !== null)?.receipt ?? null,
    quarantined,
    proven: believed.some(({ amount }) => amount !== null) || (believed.length > 0 && !quarantined),
    failed: codes("callback").length > 0 || codes("query").length > 0 || has("refused"),
    planEnded: has("plan_ended"),
  };
}

/** The ending that the set of news must have by design.md section 5. It shares no code with the machine but the evidence bits. */
export function expected({ attempts: count, news }: Case): Ending {
  const attempts = Array.from({ length: count }, (_, index) => summaryOf(news, index));
  const has = (kind: string) => news.some((piece) => piece.kind === kind);
  const confirmed = new Set(
    news.flatMap((n) => n.kind === "confirmation" && n.amount === AMOUNT ? [n.receipt] : []),
  );
  const partial = new Set(news.flatMap((n) => n.kind === "confirmation" && n.amount !== AMOUNT ? [n.receipt] : []));

  // One receipt, one payment. Paid without a receipt is the money of a confirmation that no callback has claimed, if any.
  const own = new Set(attempts.flatMap(({ receipt }) => receipt === null ? [] : [receipt]));
  const receipts = new Set([...own, ...confirmed]);
  const unclaimed = [...confirmed].filter((receipt) => !own.has(receipt)).length;
  const nameless = attempts.filter(({ paid, receipt }) => paid && receipt === null).length;
  const unnamed = Math.max(0, nameless - unclaimed);
  const whole = receipts.size + unnamed;

  const proven = attempts.filter((attempt) => attempt.proven).length;
  const byPaybill = unclaimed > nameless; // some confirmation is nobody's prompt
  const inParts = partial.has("PART1") && partial.has("PART2");
  const competing = inParts && whole > 0;
  const status = (): string => {
    if (proven > 0 || byPaybill || inParts) return "succeeded";
    if (attempts.some((attempt) => attempt.quarantined)) return "review";
    if (has("cancel")) return partial.size > 0 ? "review" : "cancelled";
    if (attempts.some((a) => !a.failed && !a.planEnded)) return "pending";
    if (!has("expire")) return "open";
    return partial.size > 0 || attempts.some((attempt) => !attempt.failed) ? "review" : "expired";
  };
  const settled = status() === "succeeded";
  return {
    checkout: status(),
    attempts: attempts.map(({ evidence, code }) => ({ evidence, code })),
    succeeded: (byPaybill || inParts) && proven > 0 ? null : Math.min(1, proven),
    matched: competing ? null : inParts ? partial.size : Math.min(1, whole),
    duplicates: competing ? null : Math.max(0, whole - 1) + (settled && !inParts ? partial.size : 0),
    partial: competing ? null : settled ? 0 : partial.size,
    byPaybill: Math.max(0, unclaimed - nameless),
    receipts: [
      ...[...receipts, ...partial],
      ...Array.from({ length: unnamed }, () => "none"),
    ].sort(),
  };
}
