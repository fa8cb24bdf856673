DROP INDEX payments_by_account
--> statement
DROP TABLE payment_phones
