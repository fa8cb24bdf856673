CREATE TABLE account_links (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  account_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX account_links_by_account ON account_links (account_id, id)
