ALTER TABLE payments ADD COLUMN amount_taken_back INTEGER NOT NULL DEFAULT 0 CHECK (amount_taken_back >= 0)
--> statement
CREATE TABLE reversals (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  receipt TEXT NOT NULL,
  of_receipt TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  at INTEGER,
  reconciliation_id TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'taken_back', 'refund', 'differs')),
  subject_id TEXT,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  UNIQUE (shortcode_id, receipt),
  CHECK ((outcome = 'waiting') = (subject_id IS NULL))
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX reversals_waiting ON reversals (of_receipt) WHERE outcome = 'waiting'
--> statement
CREATE INDEX reversals_by_reconciliation ON reversals (reconciliation_id) WHERE reconciliation_id IS NOT NULL
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
DROP TRIGGER ledger_of_moved_payments
--> statement
DROP TRIGGER ledger_of_taken_payments
--> statement
DROP TRIGGER ledger_of_refunds
--> statement
DROP TRIGGER ledger_of_undone_refunds
--> statement
DROP TRIGGER ledger_posts
--> statement
DROP INDEX ledger_entries_once
--> statement
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (cause, subject_id)
WHERE cause NOT IN ('payment_moved', 'payout', 'fee', 'top_up_received', 'refund', 'taken_back')
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
CREATE TRIGGER ledger_posts INSTEAD OF INSERT ON ledger_postings
WHEN NEW.amount > 0 AND (NEW.cause IN ('payment_moved', 'taken_back') OR NOT EXISTS (
  SELECT 1 FROM ledger_entries e WHERE e.subject_id = NEW.subject_id AND e.cause = NEW.cause AND e.debit = NEW.debit
    AND e.entry = (SELECT max(entry) FROM ledger_entries WHERE subject_id = NEW.subject_id AND cause = NEW.cause)
))
BEGIN
  INSERT INTO ledger_accounts (shortcode_id, account, merchant_id, balance)
  VALUES (NEW.shortcode_id, NEW.debit, NEW.merchant_id, NEW.amount),
    (NEW.shortcode_id, NEW.credit, NEW.merchant_id, -NEW.amount)
  ON CONFLICT (shortcode_id, account) DO UPDATE SET balance = balance + excluded.balance;
  INSERT INTO ledger_entries (
    merchant_id, entry, shortcode_id, cause, subject_id, debit, credit, amount, debit_balance, credit_balance, at
  ) VALUES (
    NEW.merchant_id,
    1 + coalesce((SELECT max(entry) FROM ledger_entries WHERE merchant_id = NEW.merchant_id), 0),
    NEW.shortcode_id, NEW.cause, NEW.subject_id, NEW.debit, NEW.credit, NEW.amount,
    (SELECT balance FROM ledger_accounts WHERE shortcode_id = NEW.shortcode_id AND account = NEW.debit),
    (SELECT balance FROM ledger_accounts WHERE shortcode_id = NEW.shortcode_id AND account = NEW.credit),
    NEW.at
  );
END
