import type { Config } from "../../config/config.ts";
import { idAt } from "../../crypto/ids.ts";
import type { Statement, Value } from "../../db/database.ts";

/** A statement that answers one row for each subject that fires: merchant or null, subject, a whole number, and maybe a text. */
export interface Rule {
  readonly severity: "critical" | "warning";
  /** What is wrong, for people. It names no merchant and no person; the alert's subject says which. */
  readonly summary: string;
  /** What the number of an alert counts. */
  readonly unit: string;
  /** Null: no statement can say it, so `measure.ts` does, once an hour. */
  readonly statement: ((now: number, limits: Config["alerts"]) => Statement) | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Nairobi is three hours ahead of UTC all year. */
const NAIROBI_MS = 3 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** M-Pesa's own time for a prompt, with its callback. A younger prompt proves nothing. */
const PROMPT_MS = 2 * MINUTE_MS;
/** A count is exact up to here. A larger one costs more than it says. */
const MOST_COUNTED = 1_000;
/** The bound of AES-GCM with random nonces of 96 bits: beyond 2^32 values two may get the same nonce (NIST SP 800-38D). */
const MOST_SEALS = 2 ** 32;

const query = (sql: string, ...args: Value[]): Statement => ({ sql, args, scan: true });

/** The full hour before the last one that may have open prompts. */
export const lastWholeHour = (now: number): number => Math.floor((now - 5 * MINUTE_MS) / HOUR_MS) * HOUR_MS - HOUR_MS;

/**
 * The rules, by name. Each is one statement over the database, which alone knows the truth of many processes; it uses an
 * index. A name is part of docs/operations.md, of ops/prometheus-rules.yaml and of what receivers filter by.
 */
export const rules = {
  no_callbacks: {
    severity: "critical",
    summary: "M-Pesa accepts prompts, but no callback of a prompt arrives.",
    unit: "prompts without a callback",
    statement: (now, { noCallbacksMs, leastPrompts }) =>
      query(
        `SELECT NULL, 'all', prompts FROM (SELECT count(*) AS prompts FROM (SELECT 1 FROM attempts WHERE id > ?1 ` +
          `AND created_at BETWEEN ?2 AND ?3 AND accepted_at IS NOT NULL LIMIT ${MOST_COUNTED})) WHERE prompts >= ?4 ` +
          `AND NOT EXISTS (SELECT 1 FROM notices WHERE id > ?5 AND kind = 'stk' AND received_at > ?2)`,
        idAt("att", now - noCallbacksMs),
        now - noCallbacksMs,
        now - PROMPT_MS,
        leastPrompts,
        idAt("ntc", now - noCallbacksMs),
      ),
  },
  settlement_ratio: {
    severity: "warning",
    summary: "Fewer prompts are paid than in the same hour of last week.",
    unit: "percent of the prompts of an hour",
    statement: (now, { leastPrompts, settlementDropPercent }) =>
      query(
        "SELECT h.merchant_id, h.merchant_id, h.settled * 100 / h.prompts FROM prompt_hours h JOIN prompt_hours w " +
          "ON w.hour = ?2 AND w.merchant_id = h.merchant_id WHERE h.hour = ?1 AND h.prompts >= ?3 AND w.prompts >= ?3 " +
          "AND h.settled * 100 / h.prompts <= w.settled * 100 / w.prompts - ?4",
        lastWholeHour(now),
        lastWholeHour(now) - WEEK_MS,
        leastPrompts,
        settlementDropPercent,
      ),
  },
  queue_age: {
    severity: "critical",
    summary: "Jobs have been due for long and do not run.",
    unit: "minutes that the oldest job is overdue",
    statement: (now, { queueAgeMs }) =>
      query(
        "SELECT NULL, pool, (?1 - at) / 60000 FROM (" +
          "SELECT 'money' AS pool, min(run_at) AS at FROM jobs WHERE status = 'queued' AND (kind IN ('event', 'deliveries')) = 0 " +
          "UNION ALL SELECT 'webhooks', min(run_at) FROM jobs WHERE status = 'queued' AND (kind IN ('event', 'deliveries')) = 1" +
          ") WHERE at < ?2",
        now,
        now - queueAgeMs,
      ),
  },
  dead_jobs: {
    severity: "critical",
    summary: "Jobs failed 12 times and were given up.",
    unit: "dead jobs",
    statement: () => query("SELECT NULL, kind, count(*) FROM jobs WHERE status = 'dead' AND id > '' GROUP BY kind"),
  },
  in_doubt: {
    severity: "critical",
    summary: "Nobody knows yet whether money left.",
    unit: "payouts or refunds in doubt",
    statement: (now, { inDoubtMs }) =>
      query(
        "SELECT merchant_id, merchant_id || '/payouts', count(*) FROM payouts WHERE status = 'in_doubt' AND id > '' " +
          "AND in_doubt_at < ?1 GROUP BY merchant_id UNION ALL " +
          "SELECT m.id, m.id || '/refunds', count(*) FROM merchants m CROSS JOIN refunds r ON r.merchant_id = m.id " +
          "AND r.status = 'in_doubt' WHERE r.in_doubt_at < ?1 GROUP BY m.id",
        now - inDoubtMs,
      ),
  },
  payee_mismatch: {
    severity: "warning",
    summary: "Payouts wait because M-Pesa names another payee than was given.",
    unit: "payouts held",
    statement: () =>
      query(
        "SELECT merchant_id, merchant_id, count(*) FROM payouts WHERE needs_person = 1 AND id > '' " +
          "AND status = 'queued' AND (evidence & 6291456) = 2097152 GROUP BY merchant_id",
      ),
  },
  review: {
    severity: "warning",
    summary: "Checkouts wait in review for a person.",
    unit: "checkouts in review",
    statement: (now, { reviewMs }) => olderThan("checkouts", "review", now - reviewMs),
  },
  unmatched: {
    severity: "warning",
    summary: "Payments belong to no checkout, and nobody has matched or refunded them.",
    unit: "unmatched payments",
    statement: (now, { unmatchedMs }) => olderThan("payments", "unmatched", now - unmatchedMs),
  },
  amount_mismatch: {
    severity: "critical",
    summary: "M-Pesa reported another amount, shortcode or receipt than was asked for.",
    unit: "quarantined notices",
    statement: (now) =>
      query(
        "SELECT n.merchant_id, coalesce(n.merchant_id, 'unknown'), count(*) FROM notices n WHERE n.status = 'quarantined' " +
          "AND n.id > ?1 AND (" +
          "EXISTS (SELECT 1 FROM attempts a JOIN checkouts c ON c.id = a.checkout_id WHERE a.id = n.subject_id AND c.status = 'review') " +
          "OR EXISTS (SELECT 1 FROM payouts p WHERE p.id = n.subject_id AND p.status = 'in_doubt') " +
          "OR EXISTS (SELECT 1 FROM refunds r WHERE r.id = n.subject_id AND r.status = 'in_doubt') " +
          "OR (n.kind = 'c2b_confirmation' AND n.received_at > ?2)) GROUP BY n.merchant_id",
        idAt("ntc", now - 30 * DAY_MS),
        now - DAY_MS,
      ),
  },
  low_balance: {
    severity: "warning",
    summary: "The utility account of a shortcode is below its threshold.",
    unit: "cents in the utility account",
    statement: () =>
      query(
        "SELECT s.merchant_id, s.merchant_id || '/' || s.number, b.utility FROM shortcodes s CROSS JOIN balance_alerts a " +
          "ON a.shortcode_id = s.id CROSS JOIN balances b ON b.id = (SELECT max(id) FROM balances WHERE shortcode_id = s.id) " +
          "WHERE b.utility < a.below",
      ),
  },
  idle_till: {
    severity: "warning",
    summary: "A till or paybill has no payments, though it usually has some by now.",
    unit: "payments by now on this weekday",
    statement: (now, { leastPrompts }) => idleTills(now, leastPrompts),
  },
  expiry: {
    severity: "warning",
    summary: "A certificate, token or old secret ends soon.",
    unit: "hours left",
    statement: null,
  },
  reconciliation_drift: {
    severity: "warning",
    summary: "M-Pesa's list does not agree with our payments.",
    unit: "payments that differ",
    statement: () =>
      query(
        "SELECT s.merchant_id, s.merchant_id || '/' || s.number, r.differing FROM shortcodes s CROSS JOIN reconciliations r " +
          "ON r.id = (SELECT max(id) FROM reconciliations WHERE shortcode_id = s.id AND status = 'completed') " +
          "WHERE r.differing > 0 AND r.reversed_at IS NULL",
      ),
  },
  ledger_differs: {
    severity: "critical",
    summary: "The check of the ledger found differences.",
    unit: "findings of the last check",
    statement: () =>
      query(
        "SELECT m.id, m.id, json_array_length(k.findings) AS found FROM merchants m CROSS JOIN ledger_checks k " +
          "ON k.id = (SELECT max(id) FROM ledger_checks WHERE merchant_id = m.id) WHERE found > 0",
      ),
  },
  audit_chain: {
    severity: "critical",
    summary: "The audit trail was changed: its chain is broken.",
    unit: "problems of the last check",
    statement: () =>
      query(
        "SELECT nullif(merchant_id, ''), CASE merchant_id WHEN '' THEN 'service' ELSE merchant_id END, " +
          "json_array_length(problems) FROM audit_checks WHERE problems <> '[]'",
      ),
  },
  key_seals: {
    severity: "warning",
    summary: "A key of ENCRYPTION_KEYS has sealed half of what one key may.",
    unit: "million values sealed",
    statement: () => query(`SELECT NULL, key_id, seals / 1000000 FROM key_seals WHERE seals >= ${MOST_SEALS / 2}`),
  },
  daraja_errors: {
    severity: "critical",
    summary: "Daraja does not answer many calls of one operation.",
    unit: "percent of the calls of 15 minutes",
    statement: (now, { leastPrompts, darajaErrorPercent }) =>
      query(
        "SELECT NULL, operation, 100 * failed / calls FROM (SELECT operation, sum(count) AS calls, " +
          "sum(CASE outcome WHEN 'failed' THEN count ELSE 0 END) AS failed FROM daraja_calls WHERE minute > ?1 " +
          "GROUP BY operation) WHERE calls >= ?2 AND 100 * failed >= ?3 * calls",
        now - 15 * MINUTE_MS,
        leastPrompts,
        darajaErrorPercent,
      ),
  },
  daraja_drift: {
    severity: "warning",
    summary: "Daraja sends codes or fields that no table knows.",
    unit: "names in the last day",
    statement: (now) => query("SELECT NULL, kind, count(*) FROM drift WHERE last_at > ?1 GROUP BY kind", now - DAY_MS),
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;
export const ruleNames = Object.keys(rules) as readonly RuleName[]; // exactly these keys

/** Rows of a table in a state that were made before a time (ms). Each merchant's part is read from its index. */
function olderThan(table: "checkouts" | "payments", status: string, before: number): Statement {
  return query(
    `SELECT m.id, m.id, count(*) FROM merchants m CROSS JOIN ${table} t ON t.merchant_id = m.id AND t.status = '${status}' ` +
      "WHERE t.created_at < ?1 GROUP BY m.id",
    before,
  );
}

/**
 * Shortcodes without a payment since a time of today, where the last four same weekdays had at least `least` on average
 * between that time and now. It needs two such days. The time is that of the last payment, or midnight in Nairobi; so
 * for a busy till it is short, and few rows are counted. M-Pesa's time is missing only where a payment has no receipt.
 */
function idleTills(now: number, least: number): Statement {
  const midnight = Math.floor((now + NAIROBI_MS) / DAY_MS) * DAY_MS - NAIROBI_MS;
  const weeks = `json_each('[1,2,3,4]') w WHERE t.created_at <= ?2 - w.value * ${WEEK_MS}`;
  const average = (from: string) =>
    `(SELECT avg(c) FROM (SELECT (SELECT count(*) FROM payments p WHERE p.shortcode_id = t.id ` +
    `AND p.paid_at >= ${from} - w.value * ${WEEK_MS} AND p.paid_at <= ?1 - w.value * ${WEEK_MS}) AS c FROM ${weeks}))`;
  return query(
    "SELECT merchant_id, merchant_id || '/' || number, usual, iif(since = ?2, 'Nothing today', 'Nothing since ' || " +
      `strftime('%H:%M', (since + ${NAIROBI_MS}) / 1000, 'unixepoch')) || '; usually ' || usual || ' payments by now.' ` +
      `FROM (SELECT t.merchant_id, t.number, t.since, CAST(round(${average("?2")}) AS INTEGER) AS usual FROM (` +
      "SELECT s.id, s.merchant_id, s.number, s.created_at, max(?2, " +
      "coalesce((SELECT max(paid_at) FROM payments WHERE shortcode_id = s.id AND paid_at >= ?2), 0), " +
      "coalesce((SELECT max(created_at) FROM payments WHERE shortcode_id = s.id AND receipt IS NULL), 0)) AS since " +
      "FROM shortcodes s JOIN merchants m ON m.id = s.merchant_id AND m.status = 'active') t " +
      `WHERE (SELECT count(*) FROM ${weeks}) >= 2 AND ${average("t.since")} >= ?3)`,
    now,
    midnight,
    least,
  );
}

/** The section of the runbook about a rule. */
export const runbookOf = (name: RuleName, { runbookUrl }: Config["alerts"]): string => `${runbookUrl}#${name}`;
