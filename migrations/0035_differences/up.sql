CREATE TABLE differences (
  checkout_id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  payment_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  refund_id TEXT UNIQUE,
  problem TEXT,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  CHECK ((refund_id IS NULL) <> (problem IS NULL))
) STRICT, WITHOUT ROWID
