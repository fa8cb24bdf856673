ALTER TABLE payments ADD COLUMN account_key TEXT NOT NULL DEFAULT ''
--> statement
ALTER TABLE payments ADD COLUMN amount_promised INTEGER NOT NULL DEFAULT 0 CHECK (amount_promised >= 0)
--> statement
UPDATE payments SET account_key = coalesce(
  (SELECT account_key FROM checkouts c WHERE c.id = payments.checkout_id),
  upper(replace(replace(replace(replace(replace(account_reference, ' ', ''), '-', ''), '/', ''), '.', ''), '_', '')),
  ''
)
--> statement
UPDATE payments SET amount_promised = t.promised FROM refund_totals t WHERE t.payment_id = payments.id
--> statement
CREATE INDEX payments_free ON payments (shortcode_id, account_key) WHERE status = 'unmatched'
--> statement
CREATE TRIGGER payments_show_first_promise AFTER INSERT ON refund_totals
BEGIN
  UPDATE payments SET amount_promised = NEW.promised WHERE id = NEW.payment_id;
END
--> statement
CREATE TRIGGER payments_show_promises AFTER UPDATE OF promised ON refund_totals
WHEN NEW.promised <> OLD.promised
BEGIN
  UPDATE payments SET amount_promised = NEW.promised WHERE id = NEW.payment_id;
END
