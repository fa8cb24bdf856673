ALTER TABLE shortcodes ADD COLUMN proven_at INTEGER CHECK (proven_at IS NULL OR proven_at > 0)
--> statement
UPDATE shortcodes SET proven_at = created_at, version = version + 1
