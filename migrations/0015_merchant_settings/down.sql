DROP INDEX payouts_by_payee
--> statement
ALTER TABLE payouts DROP COLUMN possible_duplicate_of
--> statement
DROP TABLE merchant_settings
