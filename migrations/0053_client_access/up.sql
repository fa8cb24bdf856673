ALTER TABLE clients ADD COLUMN access TEXT CHECK (access IS NULL OR json_type(access) = 'object')
--> statement
ALTER TABLE clients ADD COLUMN access_seal BLOB CHECK ((access IS NULL) = (access_seal IS NULL))
