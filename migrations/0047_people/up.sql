CREATE TABLE people (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  identity BLOB NOT NULL,
  email_index BLOB NOT NULL,
  roles TEXT NOT NULL CHECK (json_valid(roles)),
  status TEXT NOT NULL CHECK (status IN ('invited', 'active', 'removed')),
  invited_by TEXT NOT NULL,
  removed_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK ((status = 'removed') = (removed_at IS NOT NULL))
) STRICT, WITHOUT ROWID
--> statement
CREATE UNIQUE INDEX people_by_email ON people (merchant_id, email_index) WHERE status <> 'removed'
--> statement
CREATE INDEX people_by_email_anywhere ON people (email_index) WHERE status <> 'removed'
--> statement
CREATE INDEX people_by_merchant ON people (merchant_id, id)
--> statement
CREATE TRIGGER removed_people_are_final BEFORE UPDATE ON people
WHEN OLD.status = 'removed' AND (NEW.status <> 'removed' OR NEW.roles <> OLD.roles OR NEW.merchant_id <> OLD.merchant_id)
BEGIN SELECT RAISE(ABORT, 'a removed person is final'); END
--> statement
CREATE TRIGGER people_are_kept BEFORE DELETE ON people
BEGIN SELECT RAISE(ABORT, 'people are kept'); END
--> statement
CREATE TABLE sign_in_links (
  token_hash BLOB PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  used_at INTEGER
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX sign_in_links_by_person ON sign_in_links (person_id)
--> statement
CREATE INDEX sign_in_links_by_end ON sign_in_links (expires_at)
--> statement
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id),
  token_hash BLOB NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('link', 'passkey', 'oidc')),
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  ended_at INTEGER
) STRICT, WITHOUT ROWID
--> statement
CREATE UNIQUE INDEX sessions_by_token ON sessions (token_hash)
--> statement
CREATE INDEX sessions_by_person ON sessions (person_id, id)
--> statement
CREATE INDEX sessions_by_end ON sessions (expires_at)
