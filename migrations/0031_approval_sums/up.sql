ALTER TABLE payout_limits ADD COLUMN approval_from_per_maker INTEGER CHECK (approval_from_per_maker > 0)
--> statement
ALTER TABLE payout_limits ADD COLUMN approval_from_per_payee INTEGER CHECK (approval_from_per_payee > 0)
--> statement
ALTER TABLE payout_limits ADD COLUMN approval_from_batch INTEGER CHECK (approval_from_batch > 0)
--> statement
ALTER TABLE payout_limits ADD COLUMN approval_from_new_payee INTEGER CHECK (approval_from_new_payee > 0)
--> statement
ALTER TABLE payout_default_limits ADD COLUMN approval_from_per_maker INTEGER CHECK (approval_from_per_maker > 0)
--> statement
ALTER TABLE payout_default_limits ADD COLUMN approval_from_per_payee INTEGER CHECK (approval_from_per_payee > 0)
--> statement
ALTER TABLE payout_default_limits ADD COLUMN approval_from_batch INTEGER CHECK (approval_from_batch > 0)
--> statement
ALTER TABLE payout_default_limits ADD COLUMN approval_from_new_payee INTEGER CHECK (approval_from_new_payee > 0)
