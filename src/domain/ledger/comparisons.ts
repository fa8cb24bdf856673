import type { FindingKind } from "./finding.ts";

/** One comparison. `sql` returns shortcode, expected and found for each shortcode of the merchant `?1` where they differ. */
interface Comparison {
  readonly kind: FindingKind;
  readonly sql: string;
}

const postedSql = (cause: string): string =>
  `coalesce((SELECT sum(amount) FROM ledger_entries WHERE merchant_id = ?1 AND shortcode_id = s.id AND cause = '${cause}'), 0)`;
/** What left M-Pesa's accounts. An entry in the opposite direction takes back what a person's wrong word had posted. */
const leftSql = (cause: string, accounts: string): string =>
  "coalesce((SELECT sum(CASE WHEN credit IN (" + accounts + ") THEN amount WHEN debit IN (" + accounts +
  ") THEN -amount ELSE 0 END) FROM ledger_entries " +
  `WHERE merchant_id = ?1 AND shortcode_id = s.id AND cause = '${cause}'), 0)`;
const heldSql = (account: string): string =>
  `coalesce((SELECT -balance FROM ledger_accounts WHERE shortcode_id = s.id AND account = '${account}'), 0)`;
const openPaymentsSql = (statuses: string): string =>
  "coalesce((SELECT sum(p.amount - p.amount_taken_back - coalesce(t.refunded, 0)) FROM payments p LEFT JOIN refund_totals t ON t.payment_id = p.id " +
  `WHERE p.merchant_id = ?1 AND p.shortcode_id = s.id AND p.status IN (${statuses})), 0)`;
const comparisonSql = (expected: string, found: string): string =>
  `SELECT number, expected, found FROM (SELECT s.number AS number, ${expected} AS expected, ${found} AS found ` +
  "FROM shortcodes s WHERE s.merchant_id = ?1) WHERE expected <> found";

/** Compares M-Pesa's newest balance with the one known at the last check plus what the ledger has posted since. */
const driftSql = (account: "utility" | "working"): string =>
  `SELECT s.number, then_.${account} + now_.ledger_${account} - then_.ledger_${account}, now_.${account} FROM shortcodes s ` +
  "JOIN balances now_ ON now_.id = (SELECT max(id) FROM balances WHERE shortcode_id = s.id) " +
  "JOIN balances then_ ON then_.id = coalesce(" +
  "(SELECT max(id) FROM balances WHERE shortcode_id = s.id AND received_at <= " +
  "(SELECT max(at) FROM ledger_checks WHERE merchant_id = ?1)), " +
  "(SELECT min(id) FROM balances WHERE shortcode_id = s.id)) " +
  `WHERE s.merchant_id = ?1 AND then_.${account} + now_.ledger_${account} - then_.ledger_${account} <> now_.${account}`;

/** What the ledger is compared with: sums of our rows, and what M-Pesa reported. Each is one moment. */
export const comparisons: readonly Comparison[] = [
  {
    kind: "sum",
    sql: "SELECT s.number, 0, sum(a.balance) FROM ledger_accounts a JOIN shortcodes s ON s.id = a.shortcode_id " +
      "WHERE a.merchant_id = ?1 GROUP BY s.id HAVING sum(a.balance) <> 0",
  },
  {
    kind: "balance",
    sql:
      "SELECT s.number, sum(e.amount), a.balance FROM ledger_accounts a JOIN shortcodes s ON s.id = a.shortcode_id " +
      "JOIN (SELECT shortcode_id, debit AS account, amount FROM ledger_entries WHERE merchant_id = ?1 " +
      "UNION ALL SELECT shortcode_id, credit, -amount FROM ledger_entries WHERE merchant_id = ?1) e " +
      "ON e.shortcode_id = a.shortcode_id AND e.account = a.account WHERE a.merchant_id = ?1 " +
      "GROUP BY a.shortcode_id, a.account HAVING sum(e.amount) <> a.balance",
  },
  {
    kind: "payments",
    sql: comparisonSql(
      "coalesce((SELECT sum(amount) FROM payments WHERE merchant_id = ?1 AND shortcode_id = s.id), 0)",
      `${postedSql("payment_received")} - ${postedSql("payment_merged")}`,
    ),
  },
  { kind: "suspense", sql: comparisonSql(openPaymentsSql("'unmatched', 'partial'"), heldSql("suspense")) },
  { kind: "refunds", sql: comparisonSql(openPaymentsSql("'duplicate_payment'"), heldSql("refunds")) },
  {
    kind: "payouts",
    sql: comparisonSql(
      "coalesce((SELECT sum(amount) FROM payouts WHERE merchant_id = ?1 AND shortcode_id = s.id AND status = 'succeeded'), 0)",
      leftSql("payout", "'mpesa_utility', 'mpesa_working'"),
    ),
  },
  {
    kind: "reversals",
    sql: comparisonSql(
      "coalesce((SELECT sum(amount) FROM refunds WHERE merchant_id = ?1 AND shortcode_id = s.id AND status = 'succeeded' " +
        "AND method = 'reversal'), 0)",
      leftSql("refund", "'mpesa_utility'"),
    ),
  },
  {
    kind: "taken_back",
    sql: comparisonSql(
      "coalesce((SELECT sum(amount_taken_back) FROM payments WHERE merchant_id = ?1 AND shortcode_id = s.id), 0)",
      leftSql("taken_back", "'mpesa_utility'"),
    ),
  },
  { kind: "mpesa_utility", sql: driftSql("utility") },
  { kind: "mpesa_working", sql: driftSql("working") },
];
