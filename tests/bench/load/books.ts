import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { Transaction } from "../../../src/simulator/core/transactions.ts";
import { type Evidence, groupBy } from "../../chaos/oracle/evidence.ts";
import { judgePayouts } from "../../chaos/oracle/payouts.ts";
import { readRows, type Rows } from "../../chaos/oracle/rows.ts";
import { Verdict } from "../../chaos/oracle/verdict.ts";
import type { Storefront } from "../../chaos/traffic/client.ts";
import type { Wish } from "../../chaos/traffic/ledger.ts";
import { untilEmpty } from "../settled.ts";

const PATIENCE_MS = 120_000;
const paths = new Set(["/v1/checkouts", "/v1/payments", "/v1/payouts", "/v1/refunds"]);
/** What is under way, and is to end before anything is compared. */
const underWay = [
  "/v1/checkouts?status=pending",
  "/v1/payouts?status=queued",
  "/v1/payouts?status=submitted",
  "/v1/refunds?status=queued",
  "/v1/refunds?status=submitted",
];

/** Waits until all has ended, and compares what the API holds with the simulator's books and with what was asked. */
export async function compare(shop: Storefront, simulator: string, wishes: readonly Wish[]): Promise<Verdict> {
  const verdict = new Verdict();
  for (const path of underWay) {
    if (!await untilEmpty(shop, path, PATIENCE_MS)) verdict.add("stuck", `some of ${path}`);
  }
  const rows = await readRows(shop, paths);
  const { data: books }: { data: Transaction[] } = await (await fetch(`${simulator}/_simulator/transactions`)).json();
  judge(rows, books, wishes, verdict);
  await judgeLedger(shop, verdict);
  return verdict;
}

/** What the API holds against the books, and against what was asked and answered. */
export function judge(
  rows: Rows,
  books: readonly Transaction[],
  wishes: readonly Wish[],
  verdict: Verdict,
): void {
  judgePayments(rows, books, verdict);
  judgeCheckouts(rows, books, verdict);
  const evidence: Pick<Evidence, "rows" | "books"> = { rows, books };
  judgePayouts(evidence as Evidence, verdict); // which reads no more than that
  judgeAnswers(rows, wishes, verdict);
}

/** Each movement in is one payment, and each payment a movement. */
function judgePayments({ payments }: Rows, books: readonly Transaction[], verdict: Verdict): void {
  const name = (account: string | null, cents: number) => `${account} ${cents}`;
  const byReceipt = groupBy(payments.filter(({ receipt }) => receipt !== null), ({ receipt }) => receipt);
  const bare = groupBy(
    payments.filter(({ receipt }) => receipt === null),
    ({ account_reference, amount }) => name(account_reference, amount),
  );
  const moved = books.filter(({ kind }) => kind === "stk" || kind === "c2b");
  for (const { receipt, kind, amount, account_reference, shortcode } of moved) {
    const found = byReceipt.get(receipt) ?? [];
    byReceipt.delete(receipt);
    // whose callback never came is known by a query, which tells no receipt
    const [first] = found.length > 0 ? found : [bare.get(name(account_reference, amount * 100))?.shift()];
    if (first === undefined) verdict.add("lost", `${kind} ${receipt}`);
    else if (found.length > 1) verdict.add("recorded twice", `${kind} ${receipt}`);
    else if (first.amount !== amount * 100 || first.shortcode !== shortcode) {
      verdict.add("lost", `${first.id} is not the money of ${receipt}`);
    }
  }
  for (const { id } of [...byReceipt.values(), ...bare.values()].flat()) verdict.add("recorded though not paid", id);
}

/** A checkout has succeeded exactly where its phone has paid. */
function judgeCheckouts({ checkouts }: Rows, books: readonly Transaction[], verdict: Verdict): void {
  const paid = groupBy(books.filter(({ kind }) => kind === "stk"), ({ account_reference }) => account_reference);
  const judge = ({ id, status, account_reference }: CheckoutView) => {
    const times = paid.get(account_reference)?.length ?? 0;
    if (times > 1) verdict.add("paid twice", `${id}, ${times} times`);
    if (times > 0 && status !== "succeeded") verdict.add("called failed though paid", `${id} is ${status}`);
    if (times === 0 && status === "succeeded") verdict.add("recorded though not paid", id);
  };
  checkouts.forEach(judge);
}

/** What was answered is there, once. */
function judgeAnswers({ checkouts, payouts, refunds }: Rows, wishes: readonly Wish[], verdict: Verdict): void {
  const ids = new Set([...checkouts, ...payouts, ...refunds].map(({ id }) => id));
  for (const { kind, answers } of wishes) {
    for (const { body } of answers) {
      if (!ids.has(body.id)) verdict.add("lost", `${kind} ${body.id}, which was answered`);
    }
  }
  for (const [reference, same] of groupBy([...checkouts, ...payouts], (row) => row.reference)) {
    if (same.length > 1) verdict.add("recorded twice", reference);
  }
}

async function judgeLedger(shop: Storefront, verdict: Verdict): Promise<void> {
  const { status, body } = await shop.insist(
    "cli_operator",
    "POST",
    "/v1/ledger/checks",
    undefined,
    crypto.randomUUID(),
  );
  if (status !== 200) verdict.add("ledger differs", `the check was answered ${status}`);
  else for (const finding of body.findings) verdict.add("ledger differs", JSON.stringify(finding));
}
