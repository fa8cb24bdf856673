DROP INDEX payout_batches_by_merchant
--> statement
DROP INDEX audit_by_merchant
