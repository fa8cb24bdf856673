DROP TRIGGER payments_show_promises
--> statement
DROP TRIGGER payments_show_first_promise
--> statement
DROP INDEX payments_free
--> statement
ALTER TABLE payments DROP COLUMN amount_promised
--> statement
ALTER TABLE payments DROP COLUMN account_key
