CREATE TABLE reconciliation_reported (
  shortcode_id TEXT NOT NULL REFERENCES shortcodes (id),
  finding TEXT NOT NULL,
  at INTEGER NOT NULL CHECK (at > 0),
  PRIMARY KEY (shortcode_id, finding)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX reconciliation_reported_by_time ON reconciliation_reported (shortcode_id, at)
