ALTER TABLE merchant_settings ADD COLUMN brand TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(brand))
--> statement
CREATE TABLE merchant_logos (
  merchant_id TEXT PRIMARY KEY REFERENCES merchants (id),
  hash TEXT NOT NULL CHECK (length(hash) = 32),
  kind TEXT NOT NULL CHECK (kind IN ('svg', 'png')),
  content BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND 32768),
  created_at INTEGER NOT NULL CHECK (created_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX merchant_logos_by_hash ON merchant_logos (hash)
