ALTER TABLE payouts ADD COLUMN answered INTEGER NOT NULL DEFAULT 0 CHECK (answered >= 0)
--> statement
ALTER TABLE payouts ADD COLUMN needs_person INTEGER NOT NULL DEFAULT 0 CHECK (needs_person IN (0, 1))
--> statement
ALTER TABLE refunds ADD COLUMN needs_person INTEGER NOT NULL DEFAULT 0 CHECK (needs_person IN (0, 1))
--> statement
ALTER TABLE payments ADD COLUMN amount_refunded INTEGER NOT NULL DEFAULT 0 CHECK (amount_refunded >= 0)
--> statement
UPDATE payouts SET answered = sends, needs_person = (status = 'in_doubt' AND (evidence & 33024) <> 0) OR (evidence & 262144) <> 0
--> statement
UPDATE refunds SET needs_person = 1 WHERE (status = 'in_doubt' AND (evidence & 66) <> 0) OR (evidence & 512) <> 0
--> statement
CREATE INDEX payouts_needing_person ON payouts (id) WHERE needs_person = 1
--> statement
CREATE TABLE given_receipts (
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  receipt TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  at INTEGER NOT NULL CHECK (at > 0),
  PRIMARY KEY (merchant_id, receipt)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX given_receipts_by_subject ON given_receipts (subject_id)
--> statement
INSERT INTO given_receipts (merchant_id, receipt, subject_id, at)
SELECT merchant_id, upper(resolution ->> '$.receipt'), id, resolution ->> '$.at' FROM payouts
WHERE resolution ->> '$.receipt' IS NOT NULL ORDER BY id ON CONFLICT DO NOTHING
--> statement
INSERT INTO given_receipts (merchant_id, receipt, subject_id, at)
SELECT merchant_id, upper(resolution ->> '$.receipt'), id, resolution ->> '$.at' FROM refunds
WHERE resolution ->> '$.receipt' IS NOT NULL ORDER BY id ON CONFLICT DO NOTHING
--> statement
UPDATE refund_totals SET
  promised = sums.promised, refunded = sums.refunded, cap = max(sums.amount, sums.promised)
FROM (
  SELECT r.payment_id AS id, p.amount AS amount, sum(r.amount * r.promised) AS promised,
    sum(CASE r.status WHEN 'succeeded' THEN r.amount ELSE 0 END) AS refunded
  FROM refunds r JOIN payments p ON p.id = r.payment_id GROUP BY r.payment_id
) AS sums WHERE sums.id = payment_id
--> statement
UPDATE payments SET amount_refunded = t.refunded FROM refund_totals t WHERE t.payment_id = payments.id
--> statement
CREATE TRIGGER payments_show_refunds AFTER UPDATE OF refunded ON refund_totals
WHEN NEW.refunded <> OLD.refunded
BEGIN
  UPDATE payments SET amount_refunded = NEW.refunded WHERE id = NEW.payment_id;
END
--> statement
DROP TRIGGER ledger_posts
--> statement
DROP TRIGGER ledger_of_refunds
--> statement
DROP INDEX ledger_entries_once
--> statement
CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (cause, subject_id)
WHERE cause NOT IN ('payment_moved', 'payout', 'fee', 'top_up_received', 'refund')
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
CREATE TRIGGER ledger_of_undone_payouts AFTER UPDATE OF status ON payouts
WHEN NEW.status <> 'succeeded' AND OLD.status = 'succeeded'
BEGIN
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT merchant_id, shortcode_id, cause, subject_id, credit, debit, amount, NEW.updated_at
  FROM ledger_entries WHERE subject_id = NEW.id AND cause = 'fee' ORDER BY entry DESC LIMIT 1;
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT merchant_id, shortcode_id, cause, subject_id, credit, debit, amount, NEW.updated_at
  FROM ledger_entries WHERE subject_id = NEW.id AND cause = 'top_up_received' ORDER BY entry DESC LIMIT 1;
  INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
  SELECT merchant_id, shortcode_id, cause, subject_id, credit, debit, amount, NEW.updated_at
  FROM ledger_entries WHERE subject_id = NEW.id AND cause = 'payout' ORDER BY entry DESC LIMIT 1;
END
