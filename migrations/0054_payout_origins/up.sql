CREATE TABLE signed_requests (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  client_id TEXT NOT NULL,
  content BLOB NOT NULL,
  created_at INTEGER NOT NULL CHECK (created_at > 0)
) STRICT, WITHOUT ROWID
--> statement
ALTER TABLE payouts ADD COLUMN origin TEXT CHECK (origin IS NULL OR length(origin) = 64)
--> statement
ALTER TABLE payouts ADD COLUMN signed_request TEXT
