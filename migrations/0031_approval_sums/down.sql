ALTER TABLE payout_default_limits DROP COLUMN approval_from_new_payee
--> statement
ALTER TABLE payout_default_limits DROP COLUMN approval_from_batch
--> statement
ALTER TABLE payout_default_limits DROP COLUMN approval_from_per_payee
--> statement
ALTER TABLE payout_default_limits DROP COLUMN approval_from_per_maker
--> statement
ALTER TABLE payout_limits DROP COLUMN approval_from_new_payee
--> statement
ALTER TABLE payout_limits DROP COLUMN approval_from_batch
--> statement
ALTER TABLE payout_limits DROP COLUMN approval_from_per_payee
--> statement
ALTER TABLE payout_limits DROP COLUMN approval_from_per_maker
