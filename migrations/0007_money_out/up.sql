CREATE TABLE balances (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  accounts TEXT NOT NULL CHECK (json_valid(accounts)),
  utility INTEGER,
  working INTEGER,
  ledger_utility INTEGER NOT NULL,
  ledger_working INTEGER NOT NULL,
  completed_at INTEGER,
  received_at INTEGER NOT NULL CHECK (received_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX balances_by_merchant ON balances (merchant_id, id)
--> statement
CREATE INDEX balances_by_shortcode ON balances (shortcode_id, id)
--> statement
CREATE TABLE balance_alerts (
  shortcode_id TEXT PRIMARY KEY REFERENCES shortcodes (id),
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  below INTEGER NOT NULL CHECK (below > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX balance_alerts_by_merchant ON balance_alerts (merchant_id)
--> statement
CREATE TABLE standing_orders (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  status TEXT NOT NULL CHECK (status IN ('pending', 'active', 'failed', 'unknown')),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  amount INTEGER NOT NULL CHECK (amount > 0 AND amount % 100 = 0),
  currency TEXT NOT NULL CHECK (currency = 'KES'),
  phone BLOB NOT NULL,
  phone_masked TEXT NOT NULL,
  frequency TEXT NOT NULL CHECK (frequency IN (
    'once', 'daily', 'weekly', 'monthly', 'every_two_months', 'quarterly', 'half_yearly', 'yearly'
  )),
  start_day TEXT NOT NULL CHECK (length(start_day) = 10),
  end_day TEXT NOT NULL CHECK (length(end_day) = 10 AND end_day >= start_day),
  account_reference TEXT NOT NULL CHECK (length(account_reference) BETWEEN 1 AND 12),
  description TEXT NOT NULL CHECK (length(description) BETWEEN 1 AND 13),
  evidence INTEGER NOT NULL CHECK (evidence >= 0),
  response_ref_id TEXT,
  receipt TEXT,
  failure TEXT,
  result_code TEXT,
  result_description TEXT,
  created_by TEXT NOT NULL,
  accepted_at INTEGER,
  ended_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK (status <> 'failed' OR failure IS NOT NULL)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX standing_orders_by_merchant ON standing_orders (merchant_id, id)
--> statement
CREATE TABLE refunds (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  payment_id TEXT NOT NULL REFERENCES payments (id),
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
CREATE INDEX refunds_by_merchant ON refunds (merchant_id, id)
--> statement
CREATE INDEX refunds_by_status ON refunds (merchant_id, status, id)
--> statement
CREATE INDEX refunds_by_payment ON refunds (payment_id, id)
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
ALTER TABLE payouts ADD COLUMN destination TEXT NOT NULL DEFAULT 'phone'
  CHECK (destination IN ('phone', 'paybill', 'till', 'b2c_account', 'kra'))
--> statement
ALTER TABLE payouts ADD COLUMN receiver TEXT CHECK ((destination = 'phone') = (receiver IS NULL))
--> statement
ALTER TABLE payouts ADD COLUMN account_reference TEXT
  CHECK (account_reference IS NULL OR length(account_reference) BETWEEN 1 AND 20)
--> statement
ALTER TABLE payouts ADD COLUMN fee INTEGER CHECK (fee IS NULL OR fee >= 0)
--> statement
ALTER TABLE payouts ADD COLUMN refund_id TEXT
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
--> statement
INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at)
SELECT merchant_id, shortcode_id, 'payout', id, 'merchant_available', 'mpesa_utility', amount, updated_at
FROM payouts WHERE status = 'succeeded' ORDER BY updated_at, id
