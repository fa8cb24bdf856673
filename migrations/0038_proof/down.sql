ALTER TABLE shortcodes DROP COLUMN proven_at
