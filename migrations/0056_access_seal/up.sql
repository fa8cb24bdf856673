ALTER TABLE clients DROP COLUMN access_digest
--> statement
UPDATE clients SET access = NULL, epoch = epoch + 1, version = version + 1 WHERE access IS NOT NULL
--> statement
ALTER TABLE clients ADD COLUMN access_seal BLOB CHECK ((access IS NULL) = (access_seal IS NULL))
