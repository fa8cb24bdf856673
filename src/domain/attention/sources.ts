import type { Scope } from "../../auth/scopes.ts";
import type { CaseKind } from "./contract.ts";

/** Where cases of a kind come from. */
export interface Source {
  readonly kind: CaseKind;
  /** Who may see them, and who may act on them. `operator` does as well for both. */
  readonly reads: Scope;
  readonly acts: Scope;
  /** A case about money leaves only with its cause. */
  readonly isMoney: boolean;
  /** What a person can do, the usual first. */
  readonly actions: readonly string[];
  /**
   * A SELECT of: form (of the sentence), subject, merchant, since (ms), amount (cents or null), values of the sentence as
   * JSON. `{m}` stands for the condition on the id of the merchant `m`: ?1, which is empty for all. ?2: the oldest notice.
   */
  readonly sql: string;
}

/** Jobs of these kinds move no money. */
const QUIET_JOBS = "'event', 'deliveries', 'alerts', 'alert_message', 'retention'";
const MONTH_MS = 30 * 86_400_000;

const deadJobs = (condition: string): string =>
  `SELECT 'dead_job', j.id, j.merchant_id, j.updated_at, NULL, json_object('kind', j.kind, 'tries', j.attempts) FROM jobs j ` +
  `WHERE j.status = 'dead' AND ${condition} AND `;
const ownDeadJobs = (condition: string): string =>
  deadJobs(condition) + "(?1 = '' OR j.merchant_id IN (SELECT m.id FROM merchants m WHERE {m}) OR j.kind = 'notice' " +
  "AND EXISTS (SELECT 1 FROM notices n JOIN merchants m ON m.id = n.merchant_id WHERE n.id = j.subject_id AND {m}))";

const payouts: Omit<Source, "kind" | "actions" | "sql"> = {
  reads: "payouts:read",
  acts: "payouts:write",
  isMoney: true,
};

/** Every source of cases. Each statement reads an index of its status. */
export const sources: readonly Source[] = [
  {
    kind: "review",
    reads: "checkouts:read",
    acts: "checkouts:write",
    isMoney: true,
    actions: ["refresh", "match", "refund", "cancel"],
    sql: "SELECT CASE WHEN EXISTS (SELECT 1 FROM payments p WHERE p.checkout_id = c.id AND p.status = 'taken_back') " +
      "THEN 'taken_back' WHEN c.amount_received = 0 THEN 'unknown' WHEN c.amount_received < c.amount THEN 'less' " +
      "WHEN c.amount_received > c.amount THEN 'more' ELSE 'review' END, c.id, c.merchant_id, c.updated_at, c.amount, " +
      "json_object('reference', c.reference, 'amount', c.amount, 'received', c.amount_received) FROM merchants m " +
      "CROSS JOIN checkouts c ON c.merchant_id = m.id AND c.status = 'review' WHERE {m}",
  },
  {
    ...payouts,
    kind: "in_doubt",
    actions: ["refresh", "resolve"],
    sql: "SELECT 'payout', p.id, p.merchant_id, coalesce(p.in_doubt_at, p.updated_at), p.amount, " +
      "json_object('amount', p.amount, 'phone', p.phone_masked) FROM merchants m CROSS JOIN payouts p " +
      "ON p.merchant_id = m.id AND p.status = 'in_doubt' WHERE {m}",
  },
  {
    ...payouts,
    kind: "in_doubt",
    actions: ["resolve", "refresh", "cancel"],
    sql:
      "SELECT CASE WHEN p.status IN ('succeeded', 'failed') AND p.resolution IS NOT NULL THEN 'payout_' || p.status " +
      "ELSE 'payout_person' END, p.id, p.merchant_id, p.updated_at, p.amount, json_object('amount', p.amount, " +
      "'phone', p.phone_masked, 'who', json_extract(p.resolution, '$.by')) FROM payouts p JOIN merchants m " +
      "ON m.id = p.merchant_id WHERE p.needs_person = 1 AND p.status <> 'in_doubt' AND NOT (p.status = 'queued' " +
      "AND (p.evidence & 6291456) = 2097152) AND {m}",
  },
  {
    ...payouts,
    acts: "payouts:approve",
    kind: "mismatch",
    actions: ["confirm-payee", "cancel", "reject"],
    sql: "SELECT 'payee', p.id, p.merchant_id, p.updated_at, p.amount, json_object('amount', p.amount, 'phone', " +
      "p.phone_masked) FROM payouts p JOIN merchants m ON m.id = p.merchant_id WHERE p.needs_person = 1 " +
      "AND p.status = 'queued' AND (p.evidence & 6291456) = 2097152 AND {m}",
  },
  {
    kind: "in_doubt",
    reads: "refunds:read",
    acts: "refunds:write",
    isMoney: true,
    actions: ["refresh", "resolve"],
    sql: "SELECT 'refund', r.id, r.merchant_id, coalesce(r.in_doubt_at, r.updated_at), r.amount, " +
      "json_object('amount', r.amount) FROM merchants m CROSS JOIN refunds r ON r.merchant_id = m.id " +
      "AND (r.status = 'in_doubt' OR r.needs_person = 1) WHERE {m}",
  },
  {
    kind: "unmatched",
    reads: "payments:read",
    acts: "payments:write",
    isMoney: true,
    actions: ["match", "allocate", "refund"],
    sql: "SELECT CASE WHEN p.account_key = '' THEN 'unmatched_till' ELSE 'unmatched' END, p.id, p.merchant_id, " +
      "p.created_at, p.amount, json_object('amount', p.amount, 'account', p.account_reference) FROM merchants m " +
      "CROSS JOIN payments p ON p.merchant_id = m.id AND p.status = 'unmatched' WHERE {m}",
  },
  {
    kind: "unmatched",
    reads: "payments:read",
    acts: "payments:write",
    isMoney: true,
    actions: ["refund", "match", "allocate"],
    sql: "SELECT 'twice', p.id, p.merchant_id, p.created_at, p.amount, json_object('amount', p.amount, 'reference', " +
      "coalesce((SELECT c.reference FROM checkouts c WHERE c.id = p.checkout_id), p.account_reference, p.receipt)) " +
      "FROM merchants m CROSS JOIN payments p ON p.merchant_id = m.id AND p.status = 'duplicate_payment' " +
      "WHERE p.amount > p.amount_promised AND {m}",
  },
  {
    kind: "mismatch",
    reads: "operator",
    acts: "operator",
    isMoney: true,
    actions: ["refresh", "resolve"],
    sql:
      "SELECT 'notice', n.id, n.merchant_id, n.received_at, NULL, json_object('problem', n.problem) FROM notices n " +
      "JOIN merchants m ON m.id = n.merchant_id WHERE n.status = 'quarantined' AND n.id > ?2 AND {m} AND (" +
      "EXISTS (SELECT 1 FROM attempts a JOIN checkouts c ON c.id = a.checkout_id WHERE a.id = n.subject_id AND c.status = 'review') " +
      "OR EXISTS (SELECT 1 FROM payouts p WHERE p.id = n.subject_id AND p.status = 'in_doubt') " +
      "OR EXISTS (SELECT 1 FROM refunds r WHERE r.id = n.subject_id AND r.status = 'in_doubt') " +
      "OR n.kind = 'c2b_confirmation')",
  },
  {
    ...payouts,
    kind: "approval",
    acts: "payouts:approve",
    actions: ["approve", "reject"],
    sql: "SELECT 'approval', p.id, p.merchant_id, p.created_at, p.amount, json_object('who', p.created_by, " +
      "'amount', p.amount) FROM merchants m CROSS JOIN payouts p ON p.merchant_id = m.id " +
      "AND p.status = 'awaiting_approval' WHERE p.batch_id IS NULL AND {m}",
  },
  {
    ...payouts,
    kind: "approval",
    acts: "payouts:approve",
    actions: ["approve", "reject"],
    sql: "SELECT 'batch', p.batch_id, m.id, min(p.created_at), sum(p.amount), json_object('who', min(p.created_by), " +
      "'amount', sum(p.amount), 'count', count(*)) FROM merchants m CROSS JOIN payouts p ON p.merchant_id = m.id " +
      "AND p.status = 'awaiting_approval' WHERE p.batch_id IS NOT NULL AND {m} GROUP BY p.batch_id",
  },
  {
    kind: "endpoint_failing",
    reads: "webhooks:read",
    acts: "webhooks:write",
    isMoney: false,
    actions: ["test", "redeliver", "disable"],
    sql:
      "SELECT 'endpoint', e.id, e.merchant_id, coalesce(e.failing_since, e.disabled_at), NULL, json_object('since', " +
      "coalesce(e.failing_since, e.disabled_at), 'count', (SELECT count(*) FROM (SELECT 1 FROM deliveries d " +
      "WHERE d.endpoint_id = e.id AND d.status = 'pending' LIMIT 1000))) FROM webhook_endpoints e JOIN merchants m " +
      "ON m.id = e.merchant_id WHERE e.status <> 'deleted' AND (e.status = 'enabled' AND e.failing_since IS NOT NULL " +
      "OR e.status = 'disabled' AND e.disabled_reason <> 'requested') AND {m}",
  },
  {
    kind: "dead_job",
    reads: "operator",
    acts: "operator",
    isMoney: true,
    actions: ["retry"],
    sql: ownDeadJobs(`j.kind NOT IN (${QUIET_JOBS})`),
  },
  {
    kind: "dead_job",
    reads: "operator",
    acts: "operator",
    isMoney: false,
    actions: ["retry"],
    sql: ownDeadJobs(`j.kind IN (${QUIET_JOBS})`),
  },
  {
    kind: "drift",
    reads: "payments:read",
    acts: "payments:write",
    isMoney: true,
    actions: ["open"],
    sql: "SELECT 'reconciliation', r.id, r.merchant_id, r.created_at, NULL, json_object('count', r.differing) " +
      "FROM shortcodes s CROSS JOIN reconciliations r ON r.id = (SELECT max(id) FROM reconciliations " +
      "WHERE shortcode_id = s.id AND status = 'completed') JOIN merchants m ON m.id = r.merchant_id " +
      "WHERE r.differing > 0 AND r.reversed_at IS NULL AND {m}",
  },
  {
    kind: "drift",
    reads: "ledger:read",
    acts: "operator",
    isMoney: true,
    actions: ["open"],
    sql: "SELECT 'ledger', k.id, k.merchant_id, k.at, NULL, json_object('count', json_array_length(k.findings)) " +
      "FROM merchants m CROSS JOIN ledger_checks k ON k.id = (SELECT max(id) FROM ledger_checks WHERE merchant_id = m.id) " +
      "WHERE json_array_length(k.findings) > 0 AND {m}",
  },
  {
    kind: "low_balance",
    reads: "balances:read",
    acts: "shortcodes:write",
    isMoney: false,
    actions: ["refresh"],
    sql: "SELECT 'balance', s.id, s.merchant_id, b.received_at, b.utility, json_object('number', s.number, " +
      "'amount', b.utility) FROM shortcodes s CROSS JOIN balance_alerts a ON a.shortcode_id = s.id CROSS JOIN balances b " +
      "ON b.id = (SELECT max(id) FROM balances WHERE shortcode_id = s.id) JOIN merchants m ON m.id = s.merchant_id " +
      "WHERE b.utility < a.below AND {m}",
  },
  {
    kind: "change_request",
    reads: "operator",
    acts: "operator",
    isMoney: false,
    actions: ["confirm", "reject"],
    sql: "SELECT 'change', c.id, c.merchant_id, c.created_at, NULL, json_object('summary', c.summary) " +
      "FROM change_requests c JOIN merchants m ON m.id = c.merchant_id WHERE c.status = 'proposed' AND {m}",
  },
];

/** Quarantined notices that are older (ms before now) no longer show: what they concern has its own case. */
export const NOTICES_MS = MONTH_MS;
