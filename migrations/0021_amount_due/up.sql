ALTER TABLE attempts ADD COLUMN amount INTEGER CHECK (amount > 0 AND amount % 100 = 0)
--> statement
DROP INDEX attempts_one_success
--> statement
CREATE UNIQUE INDEX attempts_one_success ON attempts (checkout_id) WHERE status = 'succeeded' AND amount IS NULL
--> statement
ALTER TABLE checkouts ADD COLUMN amount_received INTEGER NOT NULL DEFAULT 0 CHECK (amount_received >= 0)
--> statement
ALTER TABLE checkouts ADD COLUMN partial TEXT NOT NULL DEFAULT 'collect' CHECK (partial IN ('refuse', 'collect'))
--> statement
ALTER TABLE checkouts ADD COLUMN overpayment TEXT NOT NULL DEFAULT 'park' CHECK (overpayment IN ('park', 'keep_within', 'refund_difference'))
--> statement
ALTER TABLE checkouts ADD COLUMN overpayment_within INTEGER NOT NULL DEFAULT 0 CHECK (overpayment_within >= 0)
--> statement
ALTER TABLE checkouts ADD COLUMN items TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(items))
--> statement
ALTER TABLE checkouts ADD COLUMN possible_duplicate_of TEXT
--> statement
UPDATE checkouts SET amount_received = (SELECT coalesce(sum(max(0, p.amount - p.amount_promised - p.amount_taken_back)), 0)
  FROM payments p WHERE p.checkout_id = checkouts.id AND p.status IN ('matched', 'partial'))
WHERE id IN (SELECT checkout_id FROM payments WHERE checkout_id IS NOT NULL)
