ALTER TABLE shortcodes ADD COLUMN store TEXT CHECK (length(store) BETWEEN 1 AND 60)
