DROP TRIGGER ledger_of_merged_payments
--> statement
DROP TRIGGER ledger_of_taken_payments
--> statement
DROP TRIGGER ledger_of_payments
--> statement
DROP TRIGGER ledger_of_moved_payments
--> statement
DROP TRIGGER ledger_of_refunds
--> statement
DROP TRIGGER ledger_posts
--> statement
DROP TRIGGER ledger_is_kept
--> statement
DROP TRIGGER ledger_is_final
--> statement
DROP TRIGGER ledger_of_payouts
--> statement
DROP TRIGGER ledger_of_fees
--> statement
DROP VIEW ledger_postings
--> statement
DROP TABLE merged_payments
--> statement
CREATE TABLE payments_new (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  checkout_id TEXT REFERENCES checkouts (id),
  attempt_id TEXT REFERENCES attempts (id),
  receipt TEXT UNIQUE,
  channel TEXT NOT NULL CHECK (channel IN ('stk', 'c2b', 'pull')),
  status TEXT NOT NULL CHECK (status IN ('matched', 'partial', 'unmatched', 'duplicate_payment', 'refunded')),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL CHECK (currency = 'KES'),
  account_reference TEXT,
  phone BLOB,
  payer_name BLOB,
  paid_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  CHECK ((status = 'unmatched') = (checkout_id IS NULL) OR status = 'refunded')
) STRICT, WITHOUT ROWID
--> statement
INSERT INTO payments_new (id, merchant_id, shortcode_id, checkout_id, attempt_id, receipt, channel, status, amount, currency, account_reference, phone, payer_name, paid_at, created_at, updated_at) SELECT id, merchant_id, shortcode_id, checkout_id, attempt_id, receipt, channel, CASE status WHEN 'taken_back' THEN 'refunded' ELSE status END, amount, currency, account_reference, phone, payer_name, paid_at, created_at, updated_at FROM payments ORDER BY id
--> statement
CREATE TABLE refund_totals_new (
  payment_id TEXT PRIMARY KEY REFERENCES payments_new (id),
  cap INTEGER NOT NULL CHECK (cap > 0),
  promised INTEGER NOT NULL CHECK (promised >= 0),
  refunded INTEGER NOT NULL CHECK (refunded >= 0 AND refunded <= promised),
  CONSTRAINT refund_exceeds_payment CHECK (promised <= cap)
) STRICT, WITHOUT ROWID
--> statement
INSERT INTO refund_totals_new SELECT * FROM refund_totals
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
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK ((method = 'payout') = (payout_id IS NOT NULL)),
  CHECK (status <> 'failed' OR failure IS NOT NULL)
) STRICT, WITHOUT ROWID
--> statement
INSERT INTO refunds_new (id, merchant_id, shortcode_id, payment_id, payout_id, status, method, amount, currency, reason, created_by, requests, evidence, polls, promised, receipt, failure, result_code, result_description, resolution, send_after, accepted_at, in_doubt_at, refunded_at, ended_at, created_at, updated_at, version) SELECT id, merchant_id, shortcode_id, payment_id, payout_id, status, method, amount, currency, reason, created_by, requests, evidence, polls, promised, receipt, failure, result_code, result_description, resolution, send_after, accepted_at, in_doubt_at, refunded_at, ended_at, created_at, updated_at, version FROM refunds
--> statement
DROP TABLE refund_totals
--> statement
DROP TABLE refunds
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
CREATE TABLE ledger_entries_new (
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  entry INTEGER NOT NULL CHECK (entry > 0),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  cause TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  debit_balance INTEGER NOT NULL,
  credit_balance INTEGER NOT NULL,
  at INTEGER NOT NULL CHECK (at > 0),
  PRIMARY KEY (merchant_id, entry),
  CHECK (debit <> credit),
  CONSTRAINT ledger_cause CHECK (cause IN (
    'payment_received', 'payment_moved', 'payout', 'fee', 'top_up_received', 'refund'
  )),
  CONSTRAINT ledger_debit CHECK (debit IN (
    'mpesa_utility', 'mpesa_working', 'mpesa_charges', 'merchant_available', 'suspense', 'refunds', 'fees'
  )),
  CONSTRAINT ledger_credit CHECK (credit IN (
    'mpesa_utility', 'mpesa_working', 'mpesa_charges', 'merchant_available', 'suspense', 'refunds', 'fees'
  ))
) STRICT, WITHOUT ROWID
--> statement
INSERT INTO ledger_entries_new (merchant_id, entry, shortcode_id, cause, subject_id, debit, credit, amount, debit_balance, credit_balance, at) SELECT merchant_id, entry, shortcode_id, CASE WHEN cause IN ('payment_merged', 'taken_back') THEN 'payment_moved' ELSE cause END, subject_id, debit, credit, amount, debit_balance, credit_balance, at FROM ledger_entries
--> statement
DROP TABLE ledger_entries
--> statement
ALTER TABLE ledger_entries_new RENAME TO ledger_entries
--> statement
CREATE INDEX ledger_entries_by_debit ON ledger_entries (merchant_id, debit, entry)
--> statement
CREATE INDEX ledger_entries_by_credit ON ledger_entries (merchant_id, credit, entry)
--> statement
CREATE INDEX ledger_entries_by_subject ON ledger_entries (subject_id, cause)
--> statement
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (cause, subject_id) WHERE cause <> 'payment_moved'
--> statement
CREATE VIEW ledger_postings AS
SELECT merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at FROM ledger_entries
--> statement
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
--> statement
CREATE TRIGGER ledger_is_final BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
--> statement
CREATE TRIGGER ledger_posts INSTEAD OF INSERT ON ledger_postings
WHEN NEW.amount > 0 AND (NEW.cause = 'payment_moved' OR NOT EXISTS (
  SELECT 1 FROM ledger_entries WHERE subject_id = NEW.subject_id AND cause = NEW.cause
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
CREATE TRIGGER ledger_of_moved_payments AFTER UPDATE OF status ON payments
WHEN NEW.status <> OLD.status AND NEW.status <> 'refunded' AND OLD.status <> 'refunded'
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT NEW.merchant_id, NEW.shortcode_id, 'payment_moved', NEW.id, was, became, NEW.amount - coalesce((SELECT refunded FROM refund_totals WHERE payment_id = NEW.id), 0),
    NEW.updated_at
  FROM (SELECT
    CASE OLD.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END AS was,
    CASE NEW.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END AS became
  ) WHERE was <> became;
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
END
--> statement
CREATE TRIGGER ledger_of_payouts AFTER UPDATE OF status ON payouts
WHEN NEW.status = 'succeeded' AND OLD.status <> 'succeeded'
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  VALUES (
    NEW.merchant_id, NEW.shortcode_id, 'payout', NEW.id, 'merchant_available',
    CASE NEW.destination WHEN 'phone' THEN 'mpesa_utility' ELSE 'mpesa_working' END, NEW.amount, NEW.updated_at
  );
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT merchant_id, id, 'top_up_received', NEW.id, 'mpesa_utility', 'merchant_available', NEW.amount, NEW.updated_at
  FROM shortcodes WHERE NEW.destination = 'b2c_account' AND merchant_id = NEW.merchant_id AND number = NEW.receiver;
END
--> statement
CREATE TRIGGER ledger_of_fees AFTER UPDATE OF fee, status ON payouts
WHEN NEW.status = 'succeeded' AND NEW.fee IS NOT NULL
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  VALUES (NEW.merchant_id, NEW.shortcode_id, 'fee', NEW.id, 'fees', 'mpesa_charges', NEW.fee, NEW.updated_at);
END
