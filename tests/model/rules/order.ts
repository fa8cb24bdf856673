import type { Transfer, Truth } from "../truth.ts";
import type { Seen } from "../seen.ts";
import { transferOf, type Violation } from "./violation.ts";

/**
 * What must not depend on the order of notices: of each group of checkouts that M-Pesa can't tell apart (one place, one
 * account, one amount) the states, the money that settles them and the receipts; and what is left over. Which of two
 * payments of one checkout is the duplicate may depend on it (ADR 0004), and so may who holds the money of a prompt whose
 * callback contradicted the amount: a person must look at that (ADR 0023).
 */
export function endingOf(truth: Truth, seen: readonly Seen[]): string[] {
  const payments = seen.flatMap((own) => own.payments);
  const isClear = ({ receipt }: { receipt: string | null }) =>
    transferOf(truth, receipt)?.prompt?.contradicted !== true;
  const shown = new Map(seen.flatMap((own) => own.checkouts).map((c) => [c.id, c]));
  const labelOf = (receipt: string | null) => nameOf(truth, transferOf(truth, receipt));
  const groups = Map.groupBy(truth.checkouts, ({ place, account, amount }) => `${place.index} ${account} ${amount}`);
  const lines: string[] = [];
  for (const group of groups.values()) {
    const ids = new Set(group.map(({ id }) => id));
    const own = payments.filter((p) => p.checkout !== null && ids.has(p.checkout));
    const settled = own.filter(({ status }) => status === "matched").reduce((sum, { amount }) => sum + amount, 0);
    lines.push([
      group.map(({ label }) => label).join("+"),
      group.map(({ id }) => shown.get(id)?.status).sort().join(","),
      `holds ${own.filter(isClear).map(({ receipt }) => labelOf(receipt)).sort().join(",")}`,
      ...isInDoubt(truth, ids) ? [] : [`settled by KES ${settled / 100}`],
    ].join(" "));
  }
  const rest = payments.filter((p) => p.checkout === null && isClear(p)).map((p) => labelOf(p.receipt)).sort();
  return [...lines, `nobody's: ${rest.join(",")}`];
}

/**
 * Nobody can tell apart what was paid by hand, or by prompts that no callback has named, at one place, for one account and of
 * one amount: which of two counts, and which is left over, may depend on the order. They have one name.
 */
function nameOf({ transfers }: Truth, transfer: Transfer | undefined): string {
  if (transfer === undefined) return "no receipt";
  const isAlike = (t: Transfer) =>
    t.place === transfer.place && t.account === transfer.account && t.amount === transfer.amount &&
    !t.told.has("callback") && (t.prompt === null) === (transfer.prompt === null);
  return isAlike(transfer) ? transfers.find(isAlike)?.label ?? "" : transfer.label;
}

/** Whether a callback has contradicted the amount of a prompt of these checkouts. */
const isInDoubt = (truth: Truth, checkouts: ReadonlySet<string>): boolean =>
  truth.prompts.some(({ contradicted, checkout }) => contradicted && checkouts.has(checkout.id));

/** Compares two ends of one set of facts. */
export function order(truth: Truth, first: readonly string[], second: readonly string[]): Violation[] {
  return first.flatMap((line, i): Violation[] => {
    const other = second[i] ?? "";
    if (line === other) return [];
    const about = line.split(" ")[0] ?? "";
    const till = truth.checkouts.some((c) => about.split("+").includes(c.label) && c.place.index % 2 === 1);
    return [{ rule: "depends_on_order", about, till, text: `in one order: ${line}; in another: ${other}` }];
  });
}
