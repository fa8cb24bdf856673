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
DROP TRIGGER reversals_wait_for_payments
--> statement
DROP TRIGGER reversals_wait_for_receipts
--> statement
DELETE FROM jobs WHERE kind = 'reversal'
--> statement
DROP TABLE reversals
--> statement
DROP INDEX ledger_entries_once
--> statement
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (cause, subject_id)
WHERE cause NOT IN ('payment_moved', 'payout', 'fee', 'top_up_received', 'refund')
--> statement
ALTER TABLE payments DROP COLUMN amount_taken_back
--> statement
CREATE TRIGGER ledger_of_moved_payments AFTER UPDATE OF status ON payments
WHEN NEW.status <> OLD.status AND NEW.status NOT IN ('refunded', 'taken_back') AND OLD.status NOT IN ('refunded', 'taken_back')
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
CREATE TRIGGER ledger_of_taken_payments AFTER UPDATE OF status ON payments
WHEN NEW.status = 'taken_back' AND OLD.status <> 'taken_back'
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  VALUES (
    NEW.merchant_id, NEW.shortcode_id, 'taken_back', NEW.id,
    CASE OLD.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END,
    'mpesa_utility', NEW.amount - coalesce((SELECT refunded FROM refund_totals WHERE payment_id = NEW.id), 0), NEW.updated_at
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
    min(NEW.amount, (SELECT sum(amount) FROM refunds WHERE payment_id = NEW.payment_id AND status = 'succeeded') - p.amount),
    NEW.updated_at
  FROM payments p WHERE p.id = NEW.payment_id AND p.status IN ('unmatched', 'partial', 'duplicate_payment');
END
--> statement
CREATE TRIGGER ledger_of_undone_refunds AFTER UPDATE OF status ON refunds
WHEN NEW.status <> 'succeeded' AND OLD.status = 'succeeded'
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT e.merchant_id, e.shortcode_id, 'payment_moved', NEW.payment_id, e.debit, 'merchant_available',
    min(NEW.amount, NEW.amount - p.amount + coalesce(
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
WHEN NEW.amount > 0 AND (NEW.cause = 'payment_moved' OR NOT EXISTS (
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
