ALTER TABLE notices ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
--> statement
ALTER TABLE jobs ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
--> statement
ALTER TABLE deliveries ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
--> statement
CREATE TRIGGER jobs_grow AFTER UPDATE ON jobs
WHEN NEW.version = OLD.version
BEGIN
  UPDATE jobs SET version = OLD.version + 1 WHERE id = NEW.id;
END
