CREATE TABLE merchants (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  created_at INTEGER NOT NULL CHECK (created_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE clients (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  status TEXT NOT NULL CHECK (status IN ('active', 'revoked')),
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  revoked_at INTEGER,
  CHECK ((status = 'revoked') = (revoked_at IS NOT NULL))
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX clients_by_merchant ON clients (merchant_id, id)
--> statement
CREATE TABLE shortcodes (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  kind TEXT NOT NULL CHECK (kind IN ('paybill', 'till')),
  number TEXT NOT NULL UNIQUE CHECK (number GLOB '[0-9]*' AND length(number) BETWEEN 5 AND 7),
  store_number TEXT CHECK (store_number IS NULL OR (store_number GLOB '[0-9]*' AND length(store_number) BETWEEN 5 AND 7)),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
  credentials BLOB NOT NULL,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  CHECK ((kind = 'till') = (store_number IS NOT NULL))
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX shortcodes_by_merchant ON shortcodes (merchant_id, id)
--> statement
CREATE UNIQUE INDEX shortcodes_one_default ON shortcodes (merchant_id) WHERE is_default = 1
--> statement
CREATE TABLE checkouts (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  status TEXT NOT NULL CHECK (status IN ('open', 'pending', 'succeeded', 'expired', 'cancelled', 'review')),
  amount INTEGER NOT NULL CHECK (amount > 0 AND amount % 100 = 0),
  currency TEXT NOT NULL CHECK (currency = 'KES'),
  reference TEXT NOT NULL CHECK (length(reference) BETWEEN 1 AND 64),
  account_reference TEXT NOT NULL CHECK (length(account_reference) BETWEEN 1 AND 12),
  account_key TEXT NOT NULL,
  description TEXT NOT NULL CHECK (length(description) BETWEEN 1 AND 13),
  return_url TEXT,
  metadata TEXT NOT NULL CHECK (json_valid(metadata)),
  expires_at INTEGER NOT NULL,
  cancelled_at INTEGER,
  expired_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK (expires_at > created_at)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX checkouts_by_merchant ON checkouts (merchant_id, id)
--> statement
CREATE INDEX checkouts_by_status ON checkouts (merchant_id, status, id)
--> statement
CREATE INDEX checkouts_by_reference ON checkouts (merchant_id, reference, id)
--> statement
CREATE INDEX checkouts_by_account ON checkouts (shortcode_id, account_key, id)
--> statement
CREATE TABLE attempts (
  id TEXT PRIMARY KEY,
  checkout_id TEXT NOT NULL REFERENCES checkouts (id),
  status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed', 'unknown')),
  phone BLOB NOT NULL,
  phone_index BLOB NOT NULL CHECK (length(phone_index) = 16),
  phone_masked TEXT NOT NULL,
  evidence INTEGER NOT NULL CHECK (evidence BETWEEN 0 AND 255),
  request_ids BLOB,
  failure TEXT,
  result_code TEXT,
  result_description TEXT,
  polls INTEGER NOT NULL CHECK (polls >= 0),
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  accepted_at INTEGER,
  ended_at INTEGER,
  CHECK (status <> 'failed' OR failure IS NOT NULL)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX attempts_by_checkout ON attempts (checkout_id, id)
--> statement
CREATE UNIQUE INDEX attempts_one_success ON attempts (checkout_id) WHERE status = 'succeeded'
--> statement
CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  checkout_id TEXT REFERENCES checkouts (id),
  attempt_id TEXT REFERENCES attempts (id),
  receipt TEXT UNIQUE,
  channel TEXT NOT NULL CHECK (channel IN ('stk', 'c2b', 'pull')),
  status TEXT NOT NULL CHECK (status IN ('matched', 'partial', 'unmatched', 'duplicate_payment', 'refunded')),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL CHECK (currency = 'KES'),
  account_reference TEXT,
  phone BLOB,
  payer_name BLOB,
  paid_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  CHECK ((status = 'unmatched') = (checkout_id IS NULL) OR status = 'refunded')
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX payments_by_merchant ON payments (merchant_id, id)
--> statement
CREATE INDEX payments_by_status ON payments (merchant_id, status, id)
--> statement
CREATE INDEX payments_by_checkout ON payments (checkout_id, id)
--> statement
CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  merchant_id TEXT REFERENCES merchants (id),
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  body BLOB NOT NULL,
  copies INTEGER NOT NULL CHECK (copies > 0),
  status TEXT NOT NULL CHECK (status IN ('stored', 'applied', 'quarantined', 'unreadable')),
  problem TEXT,
  received_at INTEGER NOT NULL CHECK (received_at > 0),
  processed_at INTEGER
) STRICT
--> statement
CREATE INDEX notices_by_status ON notices (status, id)
--> statement
CREATE INDEX notices_by_subject ON notices (subject_id, id)
--> statement
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  merchant_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('queued', 'dead')),
  run_at INTEGER NOT NULL,
  lease TEXT,
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  last_error TEXT,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL,
  UNIQUE (kind, subject_id)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX jobs_due ON jobs (run_at) WHERE status = 'queued'
--> statement
CREATE INDEX jobs_dead ON jobs (id) WHERE status = 'dead'
--> statement
CREATE TABLE events (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  type TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  data TEXT NOT NULL CHECK (json_valid(data)),
  created_at INTEGER NOT NULL CHECK (created_at > 0)
) STRICT
--> statement
CREATE INDEX events_by_merchant ON events (merchant_id, id)
--> statement
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  merchant_id TEXT,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  request_id TEXT,
  data TEXT NOT NULL CHECK (json_valid(data)),
  at INTEGER NOT NULL CHECK (at > 0)
) STRICT
--> statement
CREATE INDEX audit_by_subject ON audit (subject_id, seq)
--> statement
CREATE TABLE idempotency_keys (
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
  subject_id TEXT,
  status INTEGER,
  body BLOB,
  locked_until INTEGER NOT NULL,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  PRIMARY KEY (merchant_id, key)
) STRICT
--> statement
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)
--> statement
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  total INTEGER NOT NULL CHECK (total >= 0),
  cap INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  CONSTRAINT limit_exceeded CHECK (total <= cap)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX counters_by_age ON counters (expires_at)
--> statement
CREATE TABLE guards (
  failed TEXT,
  CONSTRAINT conflict CHECK (failed <> 'conflict'),
  CONSTRAINT phone_busy CHECK (failed <> 'phone_busy'),
  CONSTRAINT guard CHECK (failed IS NULL)
) STRICT
--> statement
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
--> statement
CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
--> statement
CREATE TRIGGER events_are_final BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
