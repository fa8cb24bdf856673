CREATE TABLE change_requests (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  kind TEXT NOT NULL,
  operation TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('proposed', 'applied', 'rejected', 'stale')),
  summary TEXT NOT NULL,
  subject_id TEXT,
  before TEXT CHECK (json_valid(before)),
  after TEXT CHECK (json_valid(after)),
  secrets TEXT NOT NULL CHECK (json_valid(secrets)),
  basis TEXT NOT NULL,
  input BLOB,
  needs_platform INTEGER NOT NULL CHECK (needs_platform IN (0, 1)),
  proposed_by TEXT NOT NULL,
  decided_by TEXT,
  reason TEXT,
  applies_at INTEGER NOT NULL CHECK (applies_at > 0),
  decided_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK ((status = 'proposed') = (input IS NOT NULL)),
  CHECK ((status = 'proposed') = (decided_at IS NULL)),
  CHECK ((decided_at IS NULL) = (decided_by IS NULL))
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX change_requests_by_merchant ON change_requests (merchant_id, id)
--> statement
CREATE INDEX change_requests_open ON change_requests (merchant_id) WHERE status = 'proposed'
--> statement
CREATE TRIGGER change_requests_are_final BEFORE UPDATE ON change_requests WHEN OLD.status <> 'proposed'
BEGIN SELECT RAISE(ABORT, 'a decided change request is final'); END
--> statement
CREATE TRIGGER change_requests_keep_what_was_proposed BEFORE UPDATE OF kind, operation, summary, before, secrets, basis, needs_platform, proposed_by, applies_at ON change_requests
BEGIN SELECT RAISE(ABORT, 'a change request keeps what was proposed'); END
--> statement
CREATE TRIGGER change_requests_are_kept BEFORE DELETE ON change_requests
BEGIN SELECT RAISE(ABORT, 'change requests are kept'); END
