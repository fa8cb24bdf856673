DROP TRIGGER accounts_follow_checkouts
--> statement
DROP TRIGGER accounts_follow_new_checkouts
--> statement
DROP TRIGGER accounts_follow_payments
--> statement
DROP TRIGGER checkouts_lose_allocations
--> statement
DROP TRIGGER accounts_lose_allocations
--> statement
DROP TRIGGER allocations_of_removed_payments
--> statement
DROP TRIGGER allocations_of_changed_payments
--> statement
DROP TRIGGER allocations_of_new_payments
--> statement
DELETE FROM jobs WHERE kind = 'account'
--> statement
ALTER TABLE checkouts DROP COLUMN amount_allocated
--> statement
UPDATE payments SET allocations = NULL, status = 'unmatched'
WHERE checkout_id IS NULL AND allocations IS NOT NULL AND status NOT IN ('refunded', 'taken_back')
--> statement
DROP TRIGGER ledger_of_payments
--> statement
DROP TRIGGER ledger_of_merged_payments
--> statement
DROP TRIGGER payments_show_refunds
--> statement
DROP TRIGGER payments_show_first_promise
--> statement
DROP TRIGGER payments_show_promises
--> statement
DROP TRIGGER reversals_wait_for_payments
--> statement
DROP TRIGGER reversals_wait_for_receipts
--> statement
DROP TRIGGER ledger_of_moved_payments
--> statement
DROP TRIGGER ledger_of_taken_payments
--> statement
DROP TRIGGER ledger_of_refunds
--> statement
DROP TRIGGER ledger_of_undone_refunds
--> statement
CREATE TABLE payments_new (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  checkout_id TEXT REFERENCES checkouts (id),
  attempt_id TEXT REFERENCES attempts (id),
  receipt TEXT,
  receipt_source TEXT NOT NULL DEFAULT 'notice' CHECK (receipt_source IN ('callback', 'notice', 'inferred', 'person')),
  uploaded INTEGER NOT NULL DEFAULT 0 CHECK (uploaded IN (0, 1)),
  channel TEXT NOT NULL CHECK (channel IN ('stk', 'c2b', 'pull')),
  status TEXT NOT NULL CHECK (status IN ('matched', 'partial', 'unmatched', 'duplicate_payment', 'refunded', 'taken_back')),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL CHECK (currency = 'KES'),
  account_reference TEXT,
  phone BLOB,
  payer_name BLOB,
  paid_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0), amount_refunded INTEGER NOT NULL DEFAULT 0 CHECK (amount_refunded >= 0), account_key TEXT NOT NULL DEFAULT '', amount_promised INTEGER NOT NULL DEFAULT 0 CHECK (amount_promised >= 0), amount_taken_back INTEGER NOT NULL DEFAULT 0 CHECK (amount_taken_back >= 0),
  UNIQUE (shortcode_id, receipt),
  CHECK ((status = 'unmatched') = (checkout_id IS NULL) OR status IN ('refunded', 'taken_back'))
) STRICT, WITHOUT ROWID
--> statement
INSERT INTO payments_new (id, merchant_id, shortcode_id, checkout_id, attempt_id, receipt, receipt_source, uploaded, channel, status, amount, currency, account_reference, phone, payer_name, paid_at, created_at, updated_at, version, amount_refunded, account_key, amount_promised, amount_taken_back)
SELECT id, merchant_id, shortcode_id, checkout_id, attempt_id, receipt, receipt_source, uploaded, channel, status, amount, currency, account_reference, phone, payer_name, paid_at, created_at, updated_at, version, amount_refunded, account_key, amount_promised, amount_taken_back FROM payments
--> statement
CREATE TABLE refund_totals_new (
  payment_id TEXT PRIMARY KEY REFERENCES payments_new (id),
  cap INTEGER NOT NULL CHECK (cap > 0),
  promised INTEGER NOT NULL CHECK (promised >= 0),
  refunded INTEGER NOT NULL CHECK (refunded >= 0 AND refunded <= promised),
  CONSTRAINT refund_exceeds_payment CHECK (promised <= cap)
) STRICT, WITHOUT ROWID
--> statement
INSERT INTO refund_totals_new (payment_id, cap, promised, refunded)
SELECT payment_id, cap, promised, refunded FROM refund_totals
--> statement
CREATE TABLE refunds_new (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  payment_id TEXT NOT NULL REFERENCES payments_new (id),
  payout_id TEXT UNIQUE REFERENCES payouts (id),
  status TEXT NOT NULL CHECK (status IN ('queued', 'submitted', 'in_doubt', 'succeeded', 'failed')),
  method TEXT NOT NULL CHECK (method IN ('reversal', 'payout')),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL CHECK (currency = 'KES'),
  reason TEXT NOT NULL CHECK (length(reason) BETWEEN 2 AND 100),
  created_by TEXT NOT NULL,
  requests TEXT NOT NULL CHECK (json_valid(requests)),
  evidence INTEGER NOT NULL CHECK (evidence >= 0),
  polls INTEGER NOT NULL CHECK (polls >= 0),
  promised INTEGER NOT NULL CHECK (promised IN (0, 1)),
  receipt TEXT UNIQUE,
  failure TEXT,
  result_code TEXT,
  result_description TEXT,
  resolution TEXT CHECK (resolution IS NULL OR json_valid(resolution)),
  send_after INTEGER NOT NULL,
  accepted_at INTEGER,
  in_doubt_at INTEGER,
  refunded_at INTEGER,
  ended_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  version INTEGER NOT NULL CHECK (version > 0), needs_person INTEGER NOT NULL DEFAULT 0 CHECK (needs_person IN (0, 1)),
  CHECK ((method = 'payout') = (payout_id IS NOT NULL)),
  CHECK (status <> 'failed' OR failure IS NOT NULL)
) STRICT, WITHOUT ROWID
--> statement
INSERT INTO refunds_new (id, merchant_id, shortcode_id, payment_id, payout_id, status, method, amount, currency, reason, created_by, requests, evidence, polls, promised, receipt, failure, result_code, result_description, resolution, send_after, accepted_at, in_doubt_at, refunded_at, ended_at, created_at, updated_at, version, needs_person)
SELECT id, merchant_id, shortcode_id, payment_id, payout_id, status, method, amount, currency, reason, created_by, requests, evidence, polls, promised, receipt, failure, result_code, result_description, resolution, send_after, accepted_at, in_doubt_at, refunded_at, ended_at, created_at, updated_at, version, needs_person FROM refunds
--> statement
DROP TABLE refunds
--> statement
DROP TABLE refund_totals
--> statement
DROP TABLE payments
--> statement
ALTER TABLE payments_new RENAME TO payments
--> statement
ALTER TABLE refund_totals_new RENAME TO refund_totals
--> statement
ALTER TABLE refunds_new RENAME TO refunds
--> statement
CREATE INDEX payments_by_merchant ON payments (merchant_id, id)
--> statement
CREATE INDEX payments_by_status ON payments (merchant_id, status, id)
--> statement
CREATE INDEX payments_by_checkout ON payments (checkout_id, id)
--> statement
CREATE INDEX payments_without_receipt ON payments (shortcode_id, amount) WHERE receipt IS NULL
--> statement
CREATE INDEX payments_by_time ON payments (shortcode_id, paid_at)
--> statement
CREATE INDEX refunds_by_merchant ON refunds (merchant_id, id)
--> statement
CREATE INDEX refunds_by_status ON refunds (merchant_id, status, id)
--> statement
CREATE INDEX refunds_by_payment ON refunds (payment_id, id)
--> statement
CREATE INDEX payments_by_receipt ON payments (receipt) WHERE receipt IS NOT NULL
--> statement
CREATE INDEX payments_inferred ON payments (shortcode_id, amount) WHERE receipt_source = 'inferred'
--> statement
CREATE INDEX payments_free ON payments (shortcode_id, account_key) WHERE status = 'unmatched'
--> statement
CREATE INDEX payments_by_account ON payments (shortcode_id, account_key)
--> statement
CREATE TRIGGER ledger_of_payments AFTER INSERT ON payments
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  VALUES (
    NEW.merchant_id, NEW.shortcode_id, 'payment_received', NEW.id, 'mpesa_utility',
    CASE NEW.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END,
    NEW.amount, NEW.created_at
  );
END
--> statement
CREATE TRIGGER ledger_of_merged_payments AFTER DELETE ON payments
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  VALUES (
    OLD.merchant_id, OLD.shortcode_id, 'payment_merged', OLD.id,
    CASE OLD.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END,
    'mpesa_utility', OLD.amount, OLD.updated_at
  );
END
--> statement
CREATE TRIGGER payments_show_refunds AFTER UPDATE OF refunded ON refund_totals
WHEN NEW.refunded <> OLD.refunded
BEGIN
  UPDATE payments SET amount_refunded = NEW.refunded WHERE id = NEW.payment_id;
END
--> statement
CREATE TRIGGER payments_show_first_promise AFTER INSERT ON refund_totals
BEGIN
  UPDATE payments SET amount_promised = NEW.promised WHERE id = NEW.payment_id;
END
--> statement
CREATE TRIGGER payments_show_promises AFTER UPDATE OF promised ON refund_totals
WHEN NEW.promised <> OLD.promised
BEGIN
  UPDATE payments SET amount_promised = NEW.promised WHERE id = NEW.payment_id;
END
--> statement
CREATE TRIGGER reversals_wait_for_payments AFTER INSERT ON payments
WHEN NEW.receipt IS NOT NULL
BEGIN
  UPDATE jobs SET status = 'queued', attempts = 0, run_at = min(run_at, NEW.updated_at) WHERE kind = 'reversal' AND subject_id IN (
    SELECT id FROM reversals WHERE of_receipt = NEW.receipt AND shortcode_id = NEW.shortcode_id AND outcome = 'waiting');
  INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, lease, attempts, last_error, created_at, updated_at)
  SELECT 'job_' || substr(r.id, 5), 'reversal', r.id, r.merchant_id, 'queued', NEW.updated_at, NULL, 0, NULL, NEW.updated_at, NEW.updated_at
  FROM reversals r WHERE r.of_receipt = NEW.receipt AND r.shortcode_id = NEW.shortcode_id AND r.outcome = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'reversal' AND subject_id = r.id);
END
--> statement
CREATE TRIGGER reversals_wait_for_receipts AFTER UPDATE OF receipt ON payments
WHEN NEW.receipt IS NOT NULL AND OLD.receipt IS NOT NEW.receipt
BEGIN
  UPDATE jobs SET status = 'queued', attempts = 0, run_at = min(run_at, NEW.updated_at) WHERE kind = 'reversal' AND subject_id IN (
    SELECT id FROM reversals WHERE of_receipt = NEW.receipt AND shortcode_id = NEW.shortcode_id AND outcome = 'waiting');
  INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, lease, attempts, last_error, created_at, updated_at)
  SELECT 'job_' || substr(r.id, 5), 'reversal', r.id, r.merchant_id, 'queued', NEW.updated_at, NULL, 0, NULL, NEW.updated_at, NEW.updated_at
  FROM reversals r WHERE r.of_receipt = NEW.receipt AND r.shortcode_id = NEW.shortcode_id AND r.outcome = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'reversal' AND subject_id = r.id);
END
--> statement
CREATE TRIGGER ledger_of_moved_payments AFTER UPDATE OF status ON payments
WHEN NEW.status <> OLD.status AND NEW.status NOT IN ('refunded', 'taken_back') AND OLD.status NOT IN ('refunded', 'taken_back')
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT NEW.merchant_id, NEW.shortcode_id, 'payment_moved', NEW.id, was, became, NEW.amount - NEW.amount_taken_back - coalesce((SELECT refunded FROM refund_totals WHERE payment_id = NEW.id), 0),
    NEW.updated_at
  FROM (SELECT
    CASE OLD.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END AS was,
    CASE NEW.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END AS became
  ) WHERE was <> became;
END
--> statement
CREATE TRIGGER ledger_of_taken_payments AFTER UPDATE OF amount_taken_back ON payments
WHEN NEW.amount_taken_back > OLD.amount_taken_back
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT NEW.merchant_id, NEW.shortcode_id, 'taken_back', NEW.id, home, 'mpesa_utility', min(taken, held), NEW.updated_at
  FROM (SELECT
    CASE OLD.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END AS home,
    NEW.amount_taken_back - OLD.amount_taken_back AS taken,
    iif(OLD.status IN ('refunded', 'taken_back'), 0, max(0, OLD.amount - OLD.amount_taken_back - coalesce((SELECT refunded FROM refund_totals WHERE payment_id = NEW.id), 0))) AS held
  );
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT NEW.merchant_id, NEW.shortcode_id, 'taken_back', NEW.id, 'merchant_available', 'mpesa_utility', taken - min(taken, held), NEW.updated_at
  FROM (SELECT
    NEW.amount_taken_back - OLD.amount_taken_back AS taken,
    iif(OLD.status IN ('refunded', 'taken_back'), 0, max(0, OLD.amount - OLD.amount_taken_back - coalesce((SELECT refunded FROM refund_totals WHERE payment_id = NEW.id), 0))) AS held
  );
END
--> statement
CREATE TRIGGER ledger_of_refunds AFTER UPDATE OF status ON refunds
WHEN NEW.status = 'succeeded' AND OLD.status <> 'succeeded'
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT NEW.merchant_id, NEW.shortcode_id, 'refund', NEW.id, home, paid_from, NEW.amount, NEW.updated_at
  FROM (SELECT
    CASE WHEN status IN ('unmatched', 'partial') THEN 'suspense' WHEN status = 'duplicate_payment' THEN 'refunds'
      ELSE 'merchant_available' END AS home,
    CASE NEW.method WHEN 'reversal' THEN 'mpesa_utility' ELSE 'merchant_available' END AS paid_from
    FROM payments WHERE id = NEW.payment_id
  ) WHERE home <> paid_from;
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT NEW.merchant_id, NEW.shortcode_id, 'payment_moved', NEW.payment_id, 'merchant_available',
    CASE p.status WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END,
    min(NEW.amount, (SELECT sum(amount) FROM refunds WHERE payment_id = NEW.payment_id AND status = 'succeeded') - p.amount + p.amount_taken_back),
    NEW.updated_at
  FROM payments p WHERE p.id = NEW.payment_id AND p.status IN ('unmatched', 'partial', 'duplicate_payment');
END
--> statement
CREATE TRIGGER ledger_of_undone_refunds AFTER UPDATE OF status ON refunds
WHEN NEW.status <> 'succeeded' AND OLD.status = 'succeeded'
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT e.merchant_id, e.shortcode_id, 'payment_moved', NEW.payment_id, e.debit, 'merchant_available',
    min(NEW.amount, NEW.amount - p.amount + p.amount_taken_back + coalesce(
      (SELECT sum(amount) FROM refunds WHERE payment_id = NEW.payment_id AND status = 'succeeded'), 0)),
    NEW.updated_at
  FROM ledger_entries e JOIN payments p ON p.id = NEW.payment_id
  WHERE e.subject_id = NEW.id AND e.cause = 'refund' AND e.debit IN ('suspense', 'refunds')
  ORDER BY e.entry DESC LIMIT 1;
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT merchant_id, shortcode_id, cause, subject_id, credit, debit, amount, NEW.updated_at
  FROM ledger_entries WHERE subject_id = NEW.id AND cause = 'refund' ORDER BY entry DESC LIMIT 1;
END
--> statement
DROP TABLE account_applications
--> statement
DROP TABLE allocations
--> statement
DROP TABLE standing_accounts
