DROP TABLE payout_default_limits
--> statement
DROP INDEX notices_by_merchant
--> statement
ALTER TABLE clients DROP COLUMN epoch
--> statement
ALTER TABLE merchants DROP COLUMN disabled_at
--> statement
ALTER TABLE merchants DROP COLUMN status
