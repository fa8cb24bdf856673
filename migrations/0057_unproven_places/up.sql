ALTER TABLE payments ADD COLUMN unproven TEXT CHECK (unproven IS NULL OR unproven IN ('shortcode', 'account'))
--> statement
UPDATE payments SET unproven = 'shortcode' WHERE uploaded = 1 AND id IN (
  SELECT subject_id FROM audit WHERE action = 'payment.received' AND json_extract(data, '$.shortcode') IS NOT NULL)
--> statement
UPDATE payments SET receipt_source = 'inferred' WHERE unproven = 'shortcode' AND status = 'unmatched'
--> statement
CREATE TRIGGER notices_vouched_for AFTER UPDATE OF source_known ON notices
WHEN OLD.source_known = 0 AND NEW.source_known = 1 AND NEW.status = 'applied' AND NEW.kind = 'c2b_confirmation'
  AND EXISTS (SELECT 1 FROM payments WHERE id = NEW.payment_id AND unproven = 'account')
BEGIN
  UPDATE notices SET status = 'stored', processed_at = NULL WHERE id = NEW.id;
  INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, lease, attempts, last_error, created_at, updated_at)
  SELECT 'job_' || substr(NEW.id, 5), 'notice', NEW.id, NEW.merchant_id, 'queued', NEW.received_at, NULL, 0, NULL, NEW.received_at, NEW.received_at
  WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'notice' AND subject_id = NEW.id);
END
