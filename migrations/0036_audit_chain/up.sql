ALTER TABLE audit ADD COLUMN actor_merchant_id TEXT
--> statement
ALTER TABLE audit ADD COLUMN address TEXT
--> statement
ALTER TABLE audit ADD COLUMN before TEXT CHECK (before IS NULL OR json_valid(before))
--> statement
ALTER TABLE audit ADD COLUMN after TEXT CHECK (after IS NULL OR json_valid(after))
--> statement
CREATE TABLE audit_seals (
  merchant_id TEXT NOT NULL,
  entries INTEGER NOT NULL CHECK (entries > 0),
  last_seq INTEGER NOT NULL,
  digests BLOB NOT NULL CHECK (length(digests) > 0 AND length(digests) % 24 = 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  at INTEGER NOT NULL CHECK (at > 0),
  PRIMARY KEY (merchant_id, entries)
) STRICT
--> statement
CREATE TABLE audit_heads (
  merchant_id TEXT PRIMARY KEY,
  entries INTEGER NOT NULL CHECK (entries > 0),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  at INTEGER NOT NULL CHECK (at > 0),
  kid TEXT NOT NULL,
  signature TEXT NOT NULL,
  anchored_entries INTEGER NOT NULL CHECK (anchored_entries BETWEEN 0 AND entries),
  anchored_at INTEGER NOT NULL CHECK (anchored_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE audit_sealing (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  last_seq INTEGER NOT NULL
) STRICT
--> statement
INSERT INTO audit_sealing (id, last_seq) VALUES (1, 0)
--> statement
CREATE TABLE audit_checks (
  merchant_id TEXT PRIMARY KEY,
  entries INTEGER NOT NULL CHECK (entries >= 0),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  found TEXT NOT NULL CHECK (json_valid(found)),
  problems TEXT NOT NULL CHECK (json_valid(problems)),
  started_at INTEGER NOT NULL CHECK (started_at > 0),
  ended_at INTEGER,
  whole_at INTEGER
) STRICT, WITHOUT ROWID
--> statement
CREATE TRIGGER audit_seals_are_kept BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
--> statement
CREATE TRIGGER audit_seals_are_final BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
