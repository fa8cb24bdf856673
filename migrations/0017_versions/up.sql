ALTER TABLE attempts ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
--> statement
ALTER TABLE shortcodes ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
--> statement
ALTER TABLE clients ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
--> statement
ALTER TABLE merchants ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
--> statement
ALTER TABLE payout_batches ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
--> statement
ALTER TABLE reconciliations ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
--> statement
CREATE TRIGGER attempts_grow AFTER UPDATE ON attempts
WHEN NEW.version = OLD.version
BEGIN
  UPDATE attempts SET version = OLD.version + 1 WHERE id = NEW.id;
END
--> statement
CREATE TRIGGER shortcodes_grow AFTER UPDATE ON shortcodes
WHEN NEW.version = OLD.version
BEGIN
  UPDATE shortcodes SET version = OLD.version + 1 WHERE id = NEW.id;
END
--> statement
CREATE TRIGGER clients_grow AFTER UPDATE ON clients
WHEN NEW.version = OLD.version
BEGIN
  UPDATE clients SET version = OLD.version + 1 WHERE id = NEW.id;
END
--> statement
CREATE TRIGGER merchants_grow AFTER UPDATE ON merchants
WHEN NEW.version = OLD.version
BEGIN
  UPDATE merchants SET version = OLD.version + 1 WHERE id = NEW.id;
END
--> statement
CREATE TRIGGER webhook_endpoints_grow AFTER UPDATE ON webhook_endpoints
WHEN NEW.version = OLD.version
BEGIN
  UPDATE webhook_endpoints SET version = OLD.version + 1 WHERE id = NEW.id;
END
--> statement
CREATE TRIGGER payout_batches_grow AFTER UPDATE ON payouts
WHEN NEW.version <> OLD.version AND NEW.batch_id IS NOT NULL
BEGIN
  UPDATE payout_batches SET version = version + 1 WHERE id = NEW.batch_id;
END
