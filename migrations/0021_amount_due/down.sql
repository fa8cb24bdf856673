ALTER TABLE checkouts DROP COLUMN possible_duplicate_of
--> statement
ALTER TABLE checkouts DROP COLUMN items
--> statement
ALTER TABLE checkouts DROP COLUMN overpayment_within
--> statement
ALTER TABLE checkouts DROP COLUMN overpayment
--> statement
ALTER TABLE checkouts DROP COLUMN partial
--> statement
ALTER TABLE checkouts DROP COLUMN amount_received
--> statement
DROP INDEX attempts_one_success
--> statement
ALTER TABLE attempts DROP COLUMN amount
--> statement
CREATE UNIQUE INDEX attempts_one_success ON attempts (checkout_id) WHERE status = 'succeeded'
