DROP TABLE payout_limits
--> statement
DROP TABLE payout_pauses
--> statement
DROP TABLE payouts
--> statement
DROP TABLE payout_batches
