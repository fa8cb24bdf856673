CREATE TABLE ledger_entries (
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
CREATE INDEX ledger_entries_by_debit ON ledger_entries (merchant_id, debit, entry)
--> statement
CREATE INDEX ledger_entries_by_credit ON ledger_entries (merchant_id, credit, entry)
--> statement
CREATE INDEX ledger_entries_by_subject ON ledger_entries (subject_id, cause)
--> statement
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (cause, subject_id) WHERE cause <> 'payment_moved'
--> statement
CREATE TABLE ledger_accounts (
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  account TEXT NOT NULL,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  balance INTEGER NOT NULL,
  PRIMARY KEY (shortcode_id, account)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX ledger_accounts_by_merchant ON ledger_accounts (merchant_id)
--> statement
CREATE TABLE ledger_checks (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  day TEXT NOT NULL CHECK (length(day) = 10),
  started_by TEXT NOT NULL,
  findings TEXT NOT NULL CHECK (json_valid(findings)),
  at INTEGER NOT NULL CHECK (at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX ledger_checks_by_merchant ON ledger_checks (merchant_id, id)
--> statement
CREATE UNIQUE INDEX ledger_checks_nightly ON ledger_checks (merchant_id, day) WHERE started_by = 'system'
--> statement
CREATE TABLE refund_totals (
  payment_id TEXT PRIMARY KEY REFERENCES payments (id),
  cap INTEGER NOT NULL CHECK (cap > 0),
  promised INTEGER NOT NULL CHECK (promised >= 0),
  refunded INTEGER NOT NULL CHECK (refunded >= 0 AND refunded <= promised),
  CONSTRAINT refund_exceeds_payment CHECK (promised <= cap)
) STRICT, WITHOUT ROWID
--> statement
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
--> statement
CREATE TRIGGER ledger_is_final BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
--> statement
CREATE TRIGGER ledger_checks_are_final BEFORE UPDATE ON ledger_checks
BEGIN SELECT RAISE(ABORT, 'the ledger''s checks are append-only'); END
--> statement
CREATE VIEW ledger_postings AS
SELECT merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at FROM ledger_entries
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
INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
SELECT merchant_id, shortcode_id, 'payment_received', id, 'mpesa_utility',
  CASE status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END,
  amount, created_at
FROM payments ORDER BY created_at, id
