DROP TRIGGER ledger_of_moved_payments
--> statement
DROP TRIGGER ledger_of_payments
--> statement
DROP VIEW ledger_postings
--> statement
DROP TABLE refund_totals
--> statement
DROP TABLE ledger_checks
--> statement
DROP TABLE ledger_accounts
--> statement
DROP TABLE ledger_entries
