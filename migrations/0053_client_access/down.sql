ALTER TABLE clients DROP COLUMN access_seal
--> statement
ALTER TABLE clients DROP COLUMN access
