ALTER TABLE payouts DROP COLUMN signed_request
--> statement
ALTER TABLE payouts DROP COLUMN origin
--> statement
DROP TABLE signed_requests
