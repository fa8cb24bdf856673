DROP TRIGGER events_are_told
--> statement
DELETE FROM jobs WHERE kind IN ('event', 'deliveries')
--> statement
DROP INDEX jobs_due
--> statement
CREATE INDEX jobs_due ON jobs (run_at) WHERE status = 'queued'
--> statement
DROP INDEX events_by_time
--> statement
DROP TABLE deliveries
--> statement
DROP TABLE webhook_endpoints
