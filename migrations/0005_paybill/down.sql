DROP TABLE reconciliation_rows
--> statement
DROP TABLE reconciliations
--> statement
DROP INDEX checkouts_awaited
--> statement
DROP INDEX payments_by_time
--> statement
DROP INDEX payments_without_receipt
--> statement
DROP INDEX notices_by_payment
--> statement
ALTER TABLE notices DROP COLUMN payment_id
--> statement
ALTER TABLE shortcodes DROP COLUMN pull_registered_at
--> statement
ALTER TABLE shortcodes DROP COLUMN pull_phone
--> statement
ALTER TABLE shortcodes DROP COLUMN urls_registered_at
--> statement
ALTER TABLE shortcodes DROP COLUMN urls_response_type
--> statement
ALTER TABLE shortcodes DROP COLUMN urls_version
--> statement
ALTER TABLE shortcodes DROP COLUMN validation_when_down
--> statement
ALTER TABLE shortcodes DROP COLUMN known_accounts
--> statement
ALTER TABLE shortcodes DROP COLUMN validation
