ALTER TABLE merchants ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled'))
--> statement
ALTER TABLE merchants ADD COLUMN disabled_at INTEGER CHECK ((status = 'disabled') = (disabled_at IS NOT NULL))
--> statement
ALTER TABLE clients ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0 CHECK (epoch >= 0)
--> statement
CREATE INDEX notices_by_merchant ON notices (merchant_id, id) WHERE merchant_id IS NOT NULL
--> statement
CREATE TABLE payout_default_limits (
  name TEXT PRIMARY KEY CHECK (name = 'all'),
  min_amount INTEGER CHECK (min_amount > 0),
  max_amount INTEGER CHECK (max_amount > 0),
  daily_amount INTEGER CHECK (daily_amount > 0),
  daily_amount_per_phone INTEGER CHECK (daily_amount_per_phone > 0),
  hourly_count_per_phone INTEGER CHECK (hourly_count_per_phone > 0),
  approval_from INTEGER CHECK (approval_from > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at > 0)
) STRICT, WITHOUT ROWID
