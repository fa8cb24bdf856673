ALTER TABLE payouts DROP COLUMN approvals
