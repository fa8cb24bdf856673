DROP TRIGGER ledger_of_fees
--> statement
DROP TRIGGER ledger_of_payouts
--> statement
ALTER TABLE payouts DROP COLUMN refund_id
--> statement
ALTER TABLE payouts DROP COLUMN fee
--> statement
ALTER TABLE payouts DROP COLUMN account_reference
--> statement
ALTER TABLE payouts DROP COLUMN receiver
--> statement
ALTER TABLE payouts DROP COLUMN destination
--> statement
DROP TABLE refunds
--> statement
DROP TABLE standing_orders
--> statement
DROP TABLE balance_alerts
--> statement
DROP TABLE balances
