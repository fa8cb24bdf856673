CREATE TABLE payment_links (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  code TEXT NOT NULL UNIQUE CHECK (length(code) = 8),
  amount INTEGER CHECK (amount > 0),
  currency TEXT NOT NULL CHECK (currency = 'KES'),
  description TEXT NOT NULL,
  reusable INTEGER NOT NULL CHECK (reusable IN (0, 1)),
  disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  expires_at INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX payment_links_by_merchant ON payment_links (merchant_id, id)
--> statement
CREATE TABLE payment_link_checkouts (
  checkout_id TEXT PRIMARY KEY,
  link_id TEXT NOT NULL REFERENCES payment_links (id),
  start TEXT NOT NULL,
  created_at INTEGER NOT NULL CHECK (created_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE UNIQUE INDEX payment_link_checkouts_by_start ON payment_link_checkouts (link_id, start)
--> statement
CREATE INDEX payment_link_checkouts_by_link ON payment_link_checkouts (link_id, checkout_id)
