CREATE TRIGGER accounts_follow_money AFTER UPDATE OF status, checkout_id ON payments
WHEN NEW.account_key <> '' AND NEW.status IN ('duplicate_payment', 'unmatched') AND NEW.receipt_source = 'notice'
  AND (NEW.status <> OLD.status OR NEW.checkout_id IS NOT OLD.checkout_id)
  AND EXISTS (SELECT 1 FROM standing_accounts WHERE shortcode_id = NEW.shortcode_id AND account_key = NEW.account_key)
BEGIN
  UPDATE jobs SET status = 'queued', attempts = 0, run_at = min(run_at, NEW.updated_at) WHERE kind = 'account' AND subject_id IN (
    SELECT id FROM standing_accounts WHERE shortcode_id = NEW.shortcode_id AND account_key = NEW.account_key);
  INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, lease, attempts, last_error, created_at, updated_at)
  SELECT 'job_' || substr(a.id, 5), 'account', a.id, a.merchant_id, 'queued', NEW.updated_at, NULL, 0, NULL, NEW.updated_at, NEW.updated_at
  FROM standing_accounts a WHERE a.shortcode_id = NEW.shortcode_id AND a.account_key = NEW.account_key
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'account' AND subject_id = a.id);
END
--> statement
CREATE TRIGGER accounts_follow_attempts AFTER UPDATE OF status ON attempts
WHEN NEW.status <> OLD.status AND OLD.status IN ('pending', 'unknown') AND EXISTS (
  SELECT 1 FROM checkouts c JOIN standing_accounts a ON a.shortcode_id = c.shortcode_id AND a.account_key = c.account_key
  WHERE c.id = NEW.checkout_id AND c.status NOT IN ('open', 'pending'))
BEGIN
  UPDATE jobs SET status = 'queued', attempts = 0, run_at = min(run_at, NEW.ended_at) WHERE kind = 'account'
    AND NEW.ended_at IS NOT NULL AND subject_id IN (
      SELECT a.id FROM checkouts c JOIN standing_accounts a ON a.shortcode_id = c.shortcode_id AND a.account_key = c.account_key
      WHERE c.id = NEW.checkout_id);
  INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, lease, attempts, last_error, created_at, updated_at)
  SELECT 'job_' || substr(a.id, 5), 'account', a.id, a.merchant_id, 'queued', NEW.ended_at, NULL, 0, NULL, NEW.ended_at, NEW.ended_at
  FROM checkouts c JOIN standing_accounts a ON a.shortcode_id = c.shortcode_id AND a.account_key = c.account_key
  WHERE c.id = NEW.checkout_id AND NEW.ended_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'account' AND subject_id = a.id);
END
