CREATE TABLE passkeys (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id),
  credential_hash BLOB NOT NULL,
  credential BLOB NOT NULL,
  counter INTEGER NOT NULL CHECK (counter >= 0),
  name TEXT NOT NULL,
  backed_up INTEGER NOT NULL CHECK (backed_up IN (0, 1)),
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  last_used_at INTEGER,
  removed_at INTEGER,
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (credential_hash)
--> statement
CREATE INDEX passkeys_by_person ON passkeys (person_id, id)
--> statement
CREATE TABLE used_challenges (
  hash BLOB PRIMARY KEY,
  expires_at INTEGER NOT NULL CHECK (expires_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX used_challenges_by_end ON used_challenges (expires_at)
--> statement
CREATE TABLE signatures (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  passkey_id TEXT NOT NULL REFERENCES passkeys (id),
  action TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  covers TEXT NOT NULL CHECK (json_valid(covers)),
  challenge BLOB NOT NULL,
  client_data BLOB NOT NULL,
  authenticator_data BLOB NOT NULL,
  signature BLOB NOT NULL,
  created_at INTEGER NOT NULL CHECK (created_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX signatures_by_subject ON signatures (subject_id, id)
--> statement
CREATE TRIGGER signatures_are_final BEFORE UPDATE ON signatures
BEGIN SELECT RAISE(ABORT, 'a signature is final'); END
--> statement
CREATE TRIGGER signatures_are_kept BEFORE DELETE ON signatures
BEGIN SELECT RAISE(ABORT, 'signatures are kept'); END
