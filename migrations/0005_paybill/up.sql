ALTER TABLE shortcodes ADD COLUMN validation TEXT NOT NULL DEFAULT 'accept_all'
  CHECK (validation IN ('accept_all', 'open_checkout', 'known_accounts'))
--> statement
ALTER TABLE shortcodes ADD COLUMN known_accounts TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(known_accounts))
--> statement
ALTER TABLE shortcodes ADD COLUMN validation_when_down TEXT
  CHECK (validation_when_down IS NULL OR validation_when_down IN ('accept', 'reject'))
--> statement
ALTER TABLE shortcodes ADD COLUMN urls_version TEXT CHECK (urls_version IS NULL OR urls_version IN ('v1', 'v2'))
--> statement
ALTER TABLE shortcodes ADD COLUMN urls_response_type TEXT
  CHECK (urls_response_type IS NULL OR urls_response_type IN ('completed', 'cancelled'))
--> statement
ALTER TABLE shortcodes ADD COLUMN urls_registered_at INTEGER
--> statement
ALTER TABLE shortcodes ADD COLUMN pull_phone BLOB
--> statement
ALTER TABLE shortcodes ADD COLUMN pull_registered_at INTEGER
--> statement
ALTER TABLE notices ADD COLUMN payment_id TEXT
--> statement
CREATE INDEX notices_by_payment ON notices (payment_id, id) WHERE payment_id IS NOT NULL
--> statement
CREATE INDEX payments_without_receipt ON payments (shortcode_id, amount) WHERE receipt IS NULL
--> statement
CREATE INDEX payments_by_time ON payments (shortcode_id, paid_at)
--> statement
CREATE INDEX checkouts_awaited ON checkouts (shortcode_id, id) WHERE status IN ('open', 'pending')
--> statement
CREATE TABLE reconciliations (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  source TEXT NOT NULL CHECK (source IN ('pull', 'statement')),
  started_by TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
  window_from INTEGER NOT NULL,
  window_to INTEGER NOT NULL,
  next_offset INTEGER NOT NULL CHECK (next_offset >= 0),
  tries INTEGER NOT NULL CHECK (tries >= 0),
  seen INTEGER NOT NULL CHECK (seen >= 0),
  matched INTEGER NOT NULL CHECK (matched >= 0),
  created INTEGER NOT NULL CHECK (created >= 0),
  differing INTEGER NOT NULL CHECK (differing >= 0),
  unreadable INTEGER NOT NULL CHECK (unreadable >= 0),
  problem TEXT,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  ended_at INTEGER,
  CHECK (window_to >= window_from),
  CHECK ((status IN ('completed', 'failed')) = (ended_at IS NOT NULL)),
  CHECK ((status = 'failed') = (problem IS NOT NULL))
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX reconciliations_by_merchant ON reconciliations (merchant_id, id)
--> statement
CREATE INDEX reconciliations_by_shortcode ON reconciliations (shortcode_id, status, id)
--> statement
CREATE TABLE reconciliation_rows (
  reconciliation_id TEXT NOT NULL REFERENCES reconciliations (id),
  receipt TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'matched', 'completed', 'created', 'differs', 'missing')),
  payment_id TEXT,
  ours INTEGER,
  theirs INTEGER,
  account_reference TEXT,
  paid_at INTEGER,
  PRIMARY KEY (reconciliation_id, receipt)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX reconciliation_rows_waiting ON reconciliation_rows (reconciliation_id) WHERE outcome = 'waiting'
