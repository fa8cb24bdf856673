ALTER TABLE clients DROP COLUMN access_digest
--> statement
ALTER TABLE clients DROP COLUMN access
