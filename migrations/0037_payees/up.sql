CREATE TABLE payees (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  phone_index BLOB NOT NULL CHECK (length(phone_index) = 16),
  phone_masked TEXT NOT NULL,
  name BLOB NOT NULL,
  name_source TEXT NOT NULL CHECK (name_source IN ('payout', 'payment', 'check')),
  name_at INTEGER NOT NULL CHECK (name_at > 0),
  given_name BLOB,
  match TEXT NOT NULL CHECK (match IN ('match', 'mismatch', 'unknown', 'confirmed')),
  confirmed_pair BLOB,
  confirmed_by TEXT,
  confirmed_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK ((confirmed_pair IS NULL) = (confirmed_by IS NULL) AND (confirmed_pair IS NULL) = (confirmed_at IS NULL)),
  UNIQUE (phone_index, merchant_id)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX payees_by_merchant ON payees (merchant_id, id)
--> statement
ALTER TABLE payouts ADD COLUMN given_name BLOB
--> statement
ALTER TABLE payouts ADD COLUMN payee_name BLOB
--> statement
ALTER TABLE payouts ADD COLUMN name_confirmed_by TEXT
--> statement
ALTER TABLE payouts ADD COLUMN name_confirmed_at INTEGER
--> statement
ALTER TABLE shortcodes ADD COLUMN name_check INTEGER NOT NULL DEFAULT 0 CHECK (name_check IN (0, 1))
