import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { allocatedSql } from "../checkouts/allocated.ts";
import { CLOCK_SKEW_MS } from "../checkouts/machine.ts";
import { Evidence as PayoutEvidence } from "../payouts/machine/facts.ts";
import { Evidence as RefundEvidence } from "../refunds/machine/facts.ts";
import { balanceSql } from "../settlement/account-balance.ts";
import { type FindingKind, MAX_SUBJECTS } from "./finding.ts";

/**
 * What must hold for each payment, checkout, payout and refund: the rules of the reference model (tests/model), as far as
 * our rows can show them. A rule's SQL returns shortcode_id, id, expected and found (cents) of what breaks it, for the
 * merchant `?1`; `?2` is the time (ms) before which a plan has ended. Each reads by an index, row after row, so it needs
 * no memory for the whole; {@link summarySql} adds up what is wrong. A rule that looks at each row of a table names the
 * table, and takes those whose id is after `?2` and not after `?3`: a part at a time.
 */
const rules: readonly (readonly [kind: FindingKind, sql: string, pages?: "payments" | "checkouts"])[] = [
  [
    "receipt_twice",
    "SELECT p.shortcode_id, p.id, 0 AS expected, p.amount AS found FROM payments p " +
    "WHERE p.merchant_id = ?1 AND p.id > ?2 AND p.id <= ?3 AND EXISTS " +
    "(SELECT 1 FROM payments q WHERE q.receipt = p.receipt AND q.merchant_id = p.merchant_id AND q.id < p.id)",
    "payments",
  ],
  [
    "held_negative",
    "SELECT shortcode_id, account AS id, 0 AS expected, -balance AS found FROM ledger_accounts " +
    "WHERE merchant_id = ?1 AND account IN ('suspense', 'refunds') AND balance > 0",
  ],
  [
    "over_refunded",
    "SELECT shortcode_id, id, amount AS expected, amount_refunded + amount_taken_back AS found FROM payments " +
    "WHERE merchant_id = ?1 AND id > ?2 AND id <= ?3 AND amount_refunded + amount_taken_back > amount",
    "payments",
  ],
  [
    "over_promised",
    "SELECT p.shortcode_id, p.id, p.amount - p.amount_taken_back AS expected, t.promised AS found FROM (SELECT DISTINCT payment_id FROM refunds " +
    "WHERE merchant_id = ?1) r JOIN payments p ON p.id = r.payment_id JOIN refund_totals t ON t.payment_id = p.id " +
    "WHERE t.promised > p.amount - p.amount_taken_back AND t.refunded < t.promised",
  ],
  [
    "refund_totals",
    "SELECT shortcode_id, id, iif(done = shown, promised, done) AS expected, iif(done = shown, reserved, shown) AS found " +
    "FROM (SELECT p.shortcode_id, p.id, p.amount_refunded AS shown, " +
    "p.amount_promised AS reserved, coalesce((SELECT promised FROM refund_totals WHERE payment_id = p.id), 0) AS total, " +
    "coalesce((SELECT sum(amount) FROM refunds WHERE payment_id = p.id AND status = 'succeeded'), 0) AS done, " +
    "coalesce((SELECT sum(amount * promised) FROM refunds WHERE payment_id = p.id), 0) AS promised " +
    "FROM payments p WHERE p.merchant_id = ?1 AND p.id > ?2 AND p.id <= ?3) " +
    "WHERE done <> shown OR promised <> reserved OR promised <> total",
    "payments",
  ],
  [
    // A person may settle a checkout with another amount; that payment counts as what was asked.
    "checkout_unpaid",
    "SELECT shortcode_id, id, amount AS expected, held AS found FROM (SELECT c.shortcode_id, c.id, c.amount, c.amount_allocated + coalesce(" +
    "(SELECT sum(iif(p.receipt_source = 'person', c.amount, p.amount)) FROM payments p WHERE p.checkout_id = c.id " +
    "AND p.status IN ('matched', 'refunded')), 0) AS held FROM checkouts c WHERE c.merchant_id = ?1 " +
    "AND c.id > ?2 AND c.id <= ?3 AND c.status = 'succeeded') WHERE held < amount",
    "checkouts",
  ],
  [
    "account_overdrawn",
    `SELECT shortcode_id, id, 0 AS expected, balance AS found FROM (SELECT a.shortcode_id, a.id, ${
      balanceSql("a.id")
    } ` +
    "AS balance FROM standing_accounts a WHERE a.merchant_id = ?1) WHERE balance < 0",
  ],
  [
    "allocations",
    "SELECT shortcode_id, id, told AS expected, placed AS found FROM (SELECT p.shortcode_id, p.id, p.amount, " +
    "(SELECT sum(value ->> '$.amount') FROM json_each(p.allocations)) AS told, coalesce((SELECT sum(amount) FROM allocations " +
    "WHERE payment_id = p.id), 0) AS placed FROM payments p WHERE p.merchant_id = ?1 AND p.id > ?2 AND p.id <= ?3 AND p.allocations IS NOT NULL " +
    "AND p.checkout_id IS NULL) WHERE told <> placed OR placed > amount",
    "payments",
  ],
  [
    "checkout_allocated",
    `SELECT shortcode_id, id, rows AS expected, stored AS found FROM (SELECT c.shortcode_id, c.id, c.amount_allocated AS stored, ${
      allocatedSql("c.id")
    } AS rows FROM checkouts c WHERE c.merchant_id = ?1 AND c.id > ?2 AND c.id <= ?3) WHERE stored <> rows`,
    "checkouts",
  ],
  ["payment_ledger", paymentLedger(), "payments"],
  [
    "placeholder_overdue",
    "SELECT p.shortcode_id, p.id, p.amount AS expected, 0 AS found FROM shortcodes s JOIN payments p " +
    "ON p.shortcode_id = s.id AND p.receipt IS NULL WHERE s.merchant_id = ?1 AND p.created_at < ?2 " +
    "AND p.status NOT IN ('refunded', 'taken_back')",
  ],
  [
    // Versions before 2026-12 could record a prompt's transfer a second time, as a duplicate of another order of the till.
    "counted_twice",
    "SELECT d.shortcode_id, d.id, 0 AS expected, d.amount AS found FROM shortcodes s JOIN payments w " +
    "ON w.shortcode_id = s.id AND w.receipt IS NULL JOIN attempts t ON t.id = w.attempt_id JOIN payments d " +
    "ON d.shortcode_id = w.shortcode_id AND d.paid_at BETWEEN t.created_at - " +
    `${CLOCK_SKEW_MS} AND w.created_at + ${CLOCK_SKEW_MS} ` +
    "AND d.amount = w.amount AND d.receipt IS NOT NULL AND d.attempt_id IS NULL AND d.account_key = '' " +
    "AND d.status IN ('duplicate_payment', 'unmatched') " +
    "WHERE s.merchant_id = ?1 AND w.created_at < ?2 AND w.status NOT IN ('refunded', 'taken_back') GROUP BY d.id",
  ],
  [
    "missing_at_mpesa",
    "SELECT p.shortcode_id, p.id, p.amount AS expected, 0 AS found FROM " + lastOutcome("missing") +
    " JOIN payments p ON p.shortcode_id = k.shortcode_id AND p.receipt = r.receipt " +
    "WHERE p.status <> 'taken_back' GROUP BY p.id",
  ],
  [
    // Where the amount could not be read, our payment is all that is known: it then counts as settled. So does a reversal
    // of which we know what it took back.
    "differs_at_mpesa",
    "SELECT k.shortcode_id, coalesce(p.id, r.receipt) AS id, coalesce(p.amount, 0) AS expected, coalesce(r.theirs, 0) AS found " +
    "FROM " + lastOutcome("differs") +
    " LEFT JOIN payments p ON p.shortcode_id = k.shortcode_id AND p.receipt = r.receipt " +
    "WHERE (p.id IS NULL OR p.amount <> r.theirs) AND NOT EXISTS (SELECT 1 FROM reversals v WHERE v.receipt = r.receipt " +
    "AND v.shortcode_id = k.shortcode_id AND v.outcome IN ('taken_back', 'refund')) GROUP BY 1, 2",
  ],
  [
    // Where nothing but the plan has ended, the books are right as far as anybody knows; its own alert asks for a person.
    "out_contradicted",
    outSql((mismatch) => `needs_person = 1 AND (status <> 'in_doubt' OR (evidence & ${mismatch}) <> 0)`),
  ],
  [
    "out_status",
    outSql(() => "receipt IS NOT NULL AND status <> 'succeeded' AND needs_person = 0 AND resolution IS NULL"),
  ],
];

/**
 * What a payment's own entries and those of its refunds add up to, in the accounts where only payments are: what came in,
 * and what waits for a checkout or for its refund.
 */
function paymentLedger(): string {
  const net = (account: string) =>
    `coalesce(sum(CASE '${account}' WHEN e.debit THEN e.amount WHEN e.credit THEN -e.amount END), 0)`;
  const own = "coalesce(sum(CASE WHEN e.subject_id <> p.id THEN 0 WHEN e.debit = 'mpesa_utility' THEN e.amount " +
    "WHEN e.credit = 'mpesa_utility' THEN -e.amount END), 0)";
  return "SELECT shortcode_id, id, iif(arrived = received, waits, arrived) AS expected, " +
    "iif(arrived = received, suspense + refunds, received) AS found FROM (" +
    "SELECT p.shortcode_id, p.id, p.status, p.amount - p.amount_taken_back AS arrived, " +
    "iif(p.status IN ('unmatched', 'partial', 'duplicate_payment'), p.amount - p.amount_taken_back - p.amount_refunded, 0) AS waits, " +
    `${own} AS received, -${net("suspense")} AS suspense, -${net("refunds")} AS refunds ` +
    "FROM payments p LEFT JOIN ledger_entries e ON e.subject_id IN " +
    "(SELECT p.id UNION ALL SELECT id FROM refunds WHERE payment_id = p.id) WHERE p.merchant_id = ?1 " +
    "AND p.id > ?2 AND p.id <= ?3 GROUP BY p.id) " +
    "WHERE arrived <> received OR suspense <> iif(status = 'duplicate_payment', 0, waits) " +
    "OR refunds <> iif(status = 'duplicate_payment', waits, 0)";
}

/** SQL: rows `r` with an outcome, of runs `k` after which no completed one has covered their time, by an hour at each end. */
function lastOutcome(outcome: "missing" | "differs"): string {
  return "reconciliations k JOIN reconciliation_rows r ON r.reconciliation_id = k.id AND k.merchant_id = ?1 " +
    `AND k.status = 'completed' AND k.reversed_at IS NULL AND r.outcome = '${outcome}' AND NOT EXISTS (SELECT 1 FROM reconciliations l ` +
    "WHERE l.shortcode_id = k.shortcode_id AND l.status = 'completed' AND l.reversed_at IS NULL AND l.id > k.id " +
    "AND r.paid_at BETWEEN l.window_from + 3600000 AND l.window_to - 3600000)";
}

/** SQL: payouts and refunds of which a condition holds. A refund and the payout that carries it are both named. */
function outSql(condition: (mismatch: number) => string): string {
  const of = (table: string, mismatch: number) =>
    `SELECT shortcode_id, id, 0 AS expected, amount AS found FROM ${table} WHERE merchant_id = ?1 AND ${
      condition(mismatch)
    }`;
  return `${of("payouts", PayoutEvidence.mismatch)} UNION ALL ${of("refunds", RefundEvidence.mismatch)}`;
}

/** Adds up what breaks a rule: number, expected, found, how many, and the oldest ids as JSON. */
const summarySql = (sql: string): string =>
  `SELECT s.number, sum(w.expected), sum(w.found), count(*), json_group_array(w.id) FILTER (WHERE w.n <= ${MAX_SUBJECTS}) ` +
  `FROM (SELECT *, row_number() OVER (PARTITION BY shortcode_id ORDER BY id) AS n FROM (${sql})) w ` +
  "JOIN shortcodes s ON s.id = w.shortcode_id GROUP BY s.id";

/** The rules as steps of the check. `overdueBefore` (ms): a plan that began earlier has ended. `from` and `to` are ids. */
export const ruleSteps = rules.map(([kind, rule, pages = null]) => {
  const [sql, hasTime] = [summarySql(rule), pages === null && rule.includes("?2")];
  return {
    kind,
    pages,
    statement: (merchantId: string, overdueBefore: number, from: string, to: string): Statement =>
      statement(sql, merchantId, ...(hasTime ? [overdueBefore] : pages === null ? [] : [from, to])),
  };
});
