/**
 * Every action that the audit trail records today. Rows of earlier versions may hold others: `lose`,
 * `doubt` and `end` stood for `mark_ambiguous`, `mark_in_doubt` and `stop_polling`.
 */
export type AuditAction =
  | CheckoutAction
  | PayoutAction
  | RefundAction
  | StandingOrderAction
  | WebhookAction
  | OperatorAction
  | ReconciliationAction
  | AccountAction;

type CheckoutAction =
  | "checkout.created"
  | "checkout.told"
  | "checkout.followed"
  | "checkout.refreshed"
  | "checkout.cancelled"
  | "checkout.paid_by_hand"
  | "checkout.paid_by_paybill"
  | "checkout.payment_moved"
  | "checkout.receipt_taken"
  | "checkout.receipt_placed"
  | "checkout.money_placed"
  | "checkout.paid_from_account"
  | "checkout.allocated"
  | "checkout.difference_kept"
  | "checkout.payment_withdrawn"
  | "attempt.created"
  | "attempt.accepted"
  | "attempt.refused"
  | "payment.received"
  | "payment.taken_back"
  | "checkout.payment_taken_back"
  | "payment.withdrawn"
  | "payment.matched"
  | "payment.allocated"
  | "payment.booked";

type PayoutAction =
  | "payout.created"
  | "payout.approved"
  | "payout.rejected"
  | "payout.cancelled"
  | "payout.resolved"
  | "payout.payee_shown"
  | "payout.refreshed"
  | "payout.name_confirmed"
  // the job's steps
  | "payout.held"
  | "payout.name_checked"
  | "payout.expire"
  | "payout.ask"
  | "payout.mark_ambiguous"
  | "payout.mark_in_doubt"
  | "payout.stop_polling"
  // a request to Daraja, and its answer
  | "payout.sending"
  | "payout.altered"
  | "payout.accepted"
  | "payout.refused"
  | "payout.unsent"
  | "payout.resend_stopped"
  | "payout.ambiguous"
  | "payout.duplicate"
  // notices
  | "payout.result_told"
  | "payout.status_told"
  | "payout.timeout_told"
  | "payout.status_timeout_told"
  | "payout.receipt_shared"
  | "payout_batch.created"
  | "payout_batch.approved"
  | "payout_batch.rejected"
  | "payout_batch.payees_shown"
  | "payout_limits.updated"
  | "payouts.paused"
  | "payouts.resumed";

type RefundAction =
  | "refund.created"
  | "refund.resolved"
  | "refund.refreshed"
  | "refund.followed"
  // the job's steps
  | "refund.ask"
  | "refund.mark_ambiguous"
  | "refund.mark_in_doubt"
  | "refund.stop_polling"
  // a request to Daraja, and its answer
  | "refund.sending"
  | "refund.accepted"
  | "refund.refused"
  | "refund.unsent"
  | "refund.ambiguous"
  // notices
  | "refund.result_told"
  | "refund.status_told"
  | "refund.timeout_told"
  | "refund.status_timeout_told"
  | "refund.receipt_shared"
  // a reversal that M-Pesa lists
  | "refund.reversal_listed"
  | "refund.taken_back";

type StandingOrderAction =
  | "standing_order.created"
  | "standing_order.accepted"
  | "standing_order.refused"
  | "standing_order.ambiguous"
  | "standing_order.told"
  | "standing_order.overdue";

type WebhookAction =
  | "event.redelivered"
  | "webhook_endpoint.created"
  | "webhook_endpoint.updated"
  | "webhook_endpoint.deleted"
  | "webhook_endpoint.disabled"
  | "webhook_endpoint.secret_rotated"
  | "webhook_endpoint.tested"
  | "webhook_endpoint.redelivered";

type OperatorAction =
  | "merchant.created"
  | "flag.set"
  | "merchant.updated"
  | "merchant.renamed"
  | "merchant.disabled"
  | "merchant.enabled"
  | "client.created"
  | "client.revoked"
  | "client.updated"
  | "client.altered"
  | "client.adopted"
  | "client.secret_rotated"
  | "outside_subject.blocked"
  | "outside_subject.unblocked"
  | "change.proposed"
  | "change.applied"
  | "change.rejected"
  | "change.stale"
  | "job.retried"
  | "attention.noted"
  | "attention.taken"
  | "attention.slept"
  /** A client was refused (403) what moves money or administers. */
  | "access.denied"
  /** A person has explained what the check of the chain found, and accepts it. */
  | "audit.accepted"
  /** What is held about a person was exported or erased. */
  | "person.exported"
  | "person.erased"
  | "person.invited"
  | "person.updated"
  | "person.linked"
  | "person.removed"
  | "passkey.added"
  | "passkey.removed"
  | "session.started"
  | "session.ended";

type ReconciliationAction =
  | "reconciliation.started"
  | "reconciliation.imported"
  | "reconciliation.completed"
  | "reconciliation.failed"
  | "reconciliation.reversing"
  | "reconciliation.reversed";

type AccountAction =
  | "account.created"
  | "account.link_created"
  | "account.link_revoked"
  | "payment_link.created"
  | "payment_link.updated"
  | "account.updated"
  | "account.credited"
  | "account.applied"
  | "account.looked_at"
  | "account.released"
  | "shortcode.created"
  | "shortcode.updated"
  | "shortcode.proven"
  | "shortcode.displaced"
  | "shortcode.deleted"
  | "shortcode.urls_registered"
  | "shortcode.urls_revoked"
  | "balance.asked"
  | "balance.not_told"
  | "balance.alert_set"
  | "qr_code.drawn";
