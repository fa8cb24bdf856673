DROP INDEX merged_payments_by_receipt
--> statement
ALTER TABLE merged_payments DROP COLUMN receipt
