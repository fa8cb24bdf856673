DROP TRIGGER attempts_grow
--> statement
DROP TRIGGER shortcodes_grow
--> statement
DROP TRIGGER clients_grow
--> statement
DROP TRIGGER merchants_grow
--> statement
DROP TRIGGER webhook_endpoints_grow
--> statement
DROP TRIGGER payout_batches_grow
--> statement
ALTER TABLE reconciliations DROP COLUMN version
--> statement
ALTER TABLE payout_batches DROP COLUMN version
--> statement
ALTER TABLE merchants DROP COLUMN version
--> statement
ALTER TABLE clients DROP COLUMN version
--> statement
ALTER TABLE shortcodes DROP COLUMN version
--> statement
ALTER TABLE attempts DROP COLUMN version
