ALTER TABLE shortcodes DROP COLUMN name_check
--> statement
ALTER TABLE payouts DROP COLUMN name_confirmed_at
--> statement
ALTER TABLE payouts DROP COLUMN name_confirmed_by
--> statement
ALTER TABLE payouts DROP COLUMN payee_name
--> statement
ALTER TABLE payouts DROP COLUMN given_name
--> statement
DROP TABLE payees
