ALTER TABLE clients DROP COLUMN last_used_at
--> statement
ALTER TABLE clients DROP COLUMN previous_secret_until
--> statement
ALTER TABLE clients DROP COLUMN previous_secret_hash
