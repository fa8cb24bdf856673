ALTER TABLE clients ADD COLUMN previous_secret_hash BLOB CHECK (length(previous_secret_hash) = 32)
--> statement
ALTER TABLE clients ADD COLUMN previous_secret_until INTEGER CHECK ((previous_secret_hash IS NULL) = (previous_secret_until IS NULL))
--> statement
ALTER TABLE clients ADD COLUMN last_used_at INTEGER
