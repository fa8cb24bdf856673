DROP TABLE audit_checks
--> statement
DROP TABLE audit_sealing
--> statement
DROP TABLE audit_heads
--> statement
DROP TABLE audit_seals
--> statement
ALTER TABLE audit DROP COLUMN after
--> statement
ALTER TABLE audit DROP COLUMN before
--> statement
ALTER TABLE audit DROP COLUMN address
--> statement
ALTER TABLE audit DROP COLUMN actor_merchant_id
