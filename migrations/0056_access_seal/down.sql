ALTER TABLE clients DROP COLUMN access_seal
--> statement
UPDATE clients SET access = NULL, epoch = epoch + 1, version = version + 1 WHERE access IS NOT NULL
--> statement
ALTER TABLE clients ADD COLUMN access_digest TEXT CHECK ((access IS NULL) = (access_digest IS NULL))
