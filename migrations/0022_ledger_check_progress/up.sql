CREATE TABLE ledger_check_progress (
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  day TEXT NOT NULL CHECK (length(day) = 10),
  started_at INTEGER NOT NULL CHECK (started_at > 0),
  step TEXT NOT NULL,
  after_id TEXT NOT NULL,
  findings TEXT NOT NULL CHECK (json_valid(findings)),
  PRIMARY KEY (merchant_id, day)
) STRICT, WITHOUT ROWID
