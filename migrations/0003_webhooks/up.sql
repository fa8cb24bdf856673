CREATE TABLE webhook_endpoints (
  id TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchants (id),
  url TEXT NOT NULL CHECK (length(url) BETWEEN 8 AND 2048),
  description TEXT CHECK (description IS NULL OR length(description) BETWEEN 1 AND 200),
  events TEXT NOT NULL CHECK (json_valid(events)),
  status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled', 'deleted')),
  disabled_reason TEXT CHECK (disabled_reason IN ('requested', 'gone', 'failing')),
  disabled_at INTEGER,
  secret BLOB,
  previous_secret BLOB,
  previous_secret_until INTEGER,
  failing_since INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL)),
  CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL)),
  CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL)),
  CHECK ((status = 'deleted') = (secret IS NULL))
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX webhook_endpoints_by_merchant ON webhook_endpoints (merchant_id, id)
--> statement
CREATE INDEX webhook_endpoints_enabled ON webhook_endpoints (merchant_id) WHERE status = 'enabled'
--> statement
CREATE TABLE deliveries (
  endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id),
  id TEXT NOT NULL,
  event_id TEXT NOT NULL REFERENCES events (id),
  cause TEXT NOT NULL CHECK (cause IN ('event', 'redelivery', 'test')),
  number INTEGER NOT NULL CHECK (number > 0),
  retry INTEGER NOT NULL CHECK (retry >= 0),
  status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed', 'cancelled')),
  run_at INTEGER NOT NULL,
  lease TEXT,
  url TEXT,
  failure TEXT,
  response_status INTEGER,
  response_body TEXT,
  started_at INTEGER,
  duration_ms INTEGER,
  next_at INTEGER,
  created_at INTEGER NOT NULL CHECK (created_at > 0),
  ended_at INTEGER,
  PRIMARY KEY (endpoint_id, id),
  CHECK ((status = 'pending') = (ended_at IS NULL)),
  CHECK (status <> 'failed' OR failure IS NOT NULL)
) STRICT, WITHOUT ROWID
--> statement
CREATE UNIQUE INDEX deliveries_by_event ON deliveries (event_id, endpoint_id, number)
--> statement
CREATE INDEX deliveries_due ON deliveries (endpoint_id, run_at, id) WHERE status = 'pending'
--> statement
CREATE INDEX deliveries_by_age ON deliveries (ended_at) WHERE ended_at IS NOT NULL
--> statement
CREATE INDEX events_by_time ON events (merchant_id, created_at)
--> statement
DROP INDEX jobs_due
--> statement
CREATE INDEX jobs_due ON jobs (run_at, kind) WHERE status = 'queued'
--> statement
CREATE TRIGGER events_are_told AFTER INSERT ON events
WHEN NEW.type <> 'webhook_endpoint.test'
  AND EXISTS (SELECT 1 FROM webhook_endpoints WHERE merchant_id = NEW.merchant_id AND status = 'enabled')
BEGIN
  INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, lease, attempts, last_error, created_at, updated_at)
  VALUES ('job_' || substr(NEW.id, 5), 'event', NEW.id, NEW.merchant_id, 'queued', NEW.created_at + 10000, NULL, 0, NULL, NEW.created_at, NEW.created_at);
END
