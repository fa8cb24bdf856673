DROP INDEX jobs_due
--> statement
CREATE INDEX jobs_due ON jobs (kind IN ('event', 'deliveries'), run_at) WHERE status = 'queued'
--> statement
CREATE INDEX jobs_lanes ON jobs (kind IN ('event', 'deliveries'), coalesce(merchant_id, ''), run_at) WHERE status = 'queued'
