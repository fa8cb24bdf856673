CREATE TABLE merchant_settings (
  merchant_id TEXT PRIMARY KEY REFERENCES merchants (id),
  rules TEXT NOT NULL CHECK (json_valid(rules)),
  version INTEGER NOT NULL CHECK (version > 0),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID
--> statement
ALTER TABLE payouts ADD COLUMN possible_duplicate_of TEXT
--> statement
CREATE INDEX payouts_by_payee ON payouts (merchant_id, phone_index, created_at)
