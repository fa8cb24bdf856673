DROP TRIGGER ledger_of_undone_payouts
--> statement
DROP TRIGGER ledger_of_undone_refunds
--> statement
DROP TRIGGER ledger_of_refunds
--> statement
DROP TRIGGER ledger_posts
--> statement
DROP TRIGGER payments_show_refunds
--> statement
DROP INDEX ledger_entries_once
--> statement
DROP TABLE given_receipts
--> statement
DROP INDEX payouts_needing_person
--> statement
ALTER TABLE payments DROP COLUMN amount_refunded
--> statement
ALTER TABLE refunds DROP COLUMN needs_person
--> statement
ALTER TABLE payouts DROP COLUMN needs_person
--> statement
ALTER TABLE payouts DROP COLUMN answered
--> statement
DROP TRIGGER ledger_is_final
--> statement
UPDATE ledger_entries SET cause = 'payment_moved' WHERE cause IN ('payout', 'fee', 'top_up_received', 'refund') AND EXISTS (
  SELECT 1 FROM ledger_entries e WHERE e.subject_id = ledger_entries.subject_id AND e.cause = ledger_entries.cause
    AND e.entry < ledger_entries.entry
)
--> statement
CREATE TRIGGER ledger_is_final BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
--> statement
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (cause, subject_id) WHERE cause <> 'payment_moved'
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
