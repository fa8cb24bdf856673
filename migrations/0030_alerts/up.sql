CREATE TABLE alerts (
  rule TEXT NOT NULL,
  subject TEXT NOT NULL,
  merchant_id TEXT REFERENCES merchants (id),
  status TEXT NOT NULL CHECK (status IN ('firing', 'resolved')),
  value INTEGER NOT NULL,
  since INTEGER NOT NULL CHECK (since > 0),
  sent_at INTEGER NOT NULL CHECK (sent_at > 0),
  resolved_at INTEGER CHECK ((status = 'resolved') = (resolved_at IS NOT NULL)),
  PRIMARY KEY (rule, subject)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX alerts_firing ON alerts (status, rule, subject)
--> statement
CREATE TABLE alert_messages (
  id TEXT PRIMARY KEY,
  channel TEXT NOT NULL CHECK (channel IN ('webhook', 'email')),
  body TEXT NOT NULL CHECK (json_valid(body)),
  created_at INTEGER NOT NULL CHECK (created_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX alert_messages_by_channel ON alert_messages (channel, id)
--> statement
CREATE TABLE alert_runs (
  name TEXT PRIMARY KEY,
  at INTEGER NOT NULL CHECK (at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE prompt_hours (
  hour INTEGER NOT NULL CHECK (hour > 0),
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  prompts INTEGER NOT NULL CHECK (prompts > 0),
  settled INTEGER NOT NULL CHECK (settled >= 0 AND settled <= prompts),
  PRIMARY KEY (hour, merchant_id)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE daraja_calls (
  minute INTEGER NOT NULL CHECK (minute > 0),
  operation TEXT NOT NULL,
  shortcode TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused', 'failed')),
  ms INTEGER NOT NULL CHECK (ms > 0),
  count INTEGER NOT NULL CHECK (count > 0),
  PRIMARY KEY (minute, operation, shortcode, outcome, ms)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE drift (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  first_at INTEGER NOT NULL CHECK (first_at > 0),
  last_at INTEGER NOT NULL CHECK (last_at >= first_at),
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX drift_by_time ON drift (last_at, kind)
