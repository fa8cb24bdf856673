DROP INDEX jobs_lanes
--> statement
DROP INDEX jobs_due
--> statement
CREATE INDEX jobs_due ON jobs (run_at, kind) WHERE status = 'queued'
