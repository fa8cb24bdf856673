CREATE TABLE outside_subjects (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  issuer TEXT NOT NULL,
  subject BLOB NOT NULL,
  subject_hash BLOB NOT NULL UNIQUE CHECK (length(subject_hash) = 32),
  status TEXT NOT NULL CHECK (status IN ('active', 'blocked')),
  blocked_at INTEGER CHECK ((blocked_at IS NULL) = (status = 'active')),
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX outside_subjects_by_merchant ON outside_subjects (merchant_id, id)
