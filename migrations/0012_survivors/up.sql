ALTER TABLE merged_payments ADD COLUMN receipt TEXT
--> statement
UPDATE merged_payments SET receipt = (
  SELECT a.data ->> '$.receipt' FROM audit a WHERE a.subject_id = merged_payments.id AND a.action = 'payment.received' LIMIT 1
) WHERE NOT EXISTS (SELECT 1 FROM payments WHERE payments.id = merged_payments.into_id)
--> statement
CREATE INDEX merged_payments_by_receipt ON merged_payments (receipt) WHERE receipt IS NOT NULL
