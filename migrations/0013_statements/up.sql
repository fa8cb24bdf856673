ALTER TABLE reconciliations ADD COLUMN notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes))
--> statement
ALTER TABLE reconciliations ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0 CHECK (left_out >= 0)
--> statement
ALTER TABLE reconciliations ADD COLUMN reversing_at INTEGER
--> statement
ALTER TABLE reconciliations ADD COLUMN reversed_at INTEGER
--> statement
ALTER TABLE reconciliations ADD COLUMN reversed_by TEXT
--> statement
CREATE TABLE reconciliation_left_out (
  reconciliation_id TEXT NOT NULL REFERENCES reconciliations (id),
  row INTEGER NOT NULL CHECK (row > 0),
  receipt TEXT,
  reason TEXT NOT NULL,
  amount INTEGER,
  PRIMARY KEY (reconciliation_id, row)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX reconciliation_left_out_by_receipt ON reconciliation_left_out (reconciliation_id, receipt)
