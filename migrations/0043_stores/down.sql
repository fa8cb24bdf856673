ALTER TABLE shortcodes DROP COLUMN store
