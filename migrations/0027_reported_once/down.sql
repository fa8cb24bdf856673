DROP INDEX reconciliation_reported_by_time
--> statement
DROP TABLE reconciliation_reported
