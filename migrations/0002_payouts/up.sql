CREATE TABLE payout_batches (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  created_by TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('csv', 'json')),
  total INTEGER NOT NULL CHECK (total > 0),
  amount INTEGER NOT NULL CHECK (amount > 0 AND amount % 100 = 0),
  problems TEXT NOT NULL CHECK (json_valid(problems)),
  created_at INTEGER NOT NULL CHECK (created_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE payouts (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  batch_id TEXT REFERENCES payout_batches (id),
  status TEXT NOT NULL CHECK (
    status IN ('awaiting_approval', 'queued', 'submitted', 'in_doubt', 'succeeded', 'failed', 'rejected', 'cancelled')
  ),
  amount INTEGER NOT NULL CHECK (amount > 0 AND amount % 100 = 0),
  currency TEXT NOT NULL CHECK (currency = 'KES'),
  phone BLOB NOT NULL,
  phone_index BLOB NOT NULL CHECK (length(phone_index) = 16),
  phone_masked TEXT NOT NULL,
  reference TEXT NOT NULL CHECK (length(reference) BETWEEN 1 AND 64),
  purpose TEXT NOT NULL CHECK (purpose IN ('business', 'salary', 'promotion')),
  remarks TEXT NOT NULL CHECK (length(remarks) BETWEEN 2 AND 100),
  occasion TEXT CHECK (occasion IS NULL OR length(occasion) BETWEEN 1 AND 100),
  metadata TEXT NOT NULL CHECK (json_valid(metadata)),
  originator_conversation_id TEXT NOT NULL UNIQUE,
  created_by TEXT NOT NULL,
  approval_required INTEGER NOT NULL CHECK (approval_required IN (0, 1)),
  decided_by TEXT,
  decided_at INTEGER,
  reason TEXT,
  evidence INTEGER NOT NULL CHECK (evidence >= 0),
  sends INTEGER NOT NULL CHECK (sends >= 0),
  unsent INTEGER NOT NULL CHECK (unsent >= 0 AND unsent <= sends),
  missed INTEGER NOT NULL CHECK (missed >= 0 AND missed <= sends),
  polls INTEGER NOT NULL CHECK (polls >= 0),
  held INTEGER NOT NULL CHECK (held IN (0, 1)),
  conversation_id TEXT,
  daraja_originator_id TEXT,
  receipt TEXT UNIQUE,
  failure TEXT,
  result_code TEXT,
  result_description TEXT,
  resolution TEXT CHECK (resolution IS NULL OR json_valid(resolution)),
  send_after INTEGER NOT NULL,
  first_sent_at INTEGER,
  sent_at INTEGER,
  accepted_at INTEGER,
  in_doubt_at INTEGER,
  paid_at INTEGER,
  ended_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK (status <> 'failed' OR failure IS NOT NULL),
  CHECK ((sends = 0) = (sent_at IS NULL)),
  CHECK (status NOT IN ('awaiting_approval', 'rejected', 'cancelled') OR sends = unsent)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX payouts_by_merchant ON payouts (merchant_id, id)
--> statement
CREATE INDEX payouts_by_status ON payouts (merchant_id, status, id)
--> statement
CREATE INDEX payouts_by_reference ON payouts (merchant_id, reference, id)
--> statement
CREATE INDEX payouts_by_batch ON payouts (batch_id, id) WHERE batch_id IS NOT NULL
--> statement
CREATE INDEX payouts_in_doubt ON payouts (id) WHERE status = 'in_doubt'
--> statement
CREATE INDEX payouts_queued ON payouts (merchant_id, id) WHERE status = 'queued'
--> statement
CREATE TABLE payout_pauses (
  scope TEXT PRIMARY KEY,
  reason TEXT,
  paused_by TEXT NOT NULL,
  paused_at INTEGER NOT NULL CHECK (paused_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE payout_limits (
  merchant_id TEXT PRIMARY KEY REFERENCES merchants (id),
  min_amount INTEGER CHECK (min_amount > 0),
  max_amount INTEGER CHECK (max_amount > 0),
  daily_amount INTEGER CHECK (daily_amount > 0),
  daily_amount_per_phone INTEGER CHECK (daily_amount_per_phone > 0),
  hourly_count_per_phone INTEGER CHECK (hourly_count_per_phone > 0),
  approval_from INTEGER CHECK (approval_from > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at > 0)
) STRICT, WITHOUT ROWID
