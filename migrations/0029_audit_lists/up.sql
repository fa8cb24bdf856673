CREATE INDEX audit_by_merchant ON audit (merchant_id)
--> statement
CREATE INDEX payout_batches_by_merchant ON payout_batches (merchant_id, id)
