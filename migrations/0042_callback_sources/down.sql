ALTER TABLE notices DROP COLUMN proof_asks
--> statement
ALTER TABLE notices DROP COLUMN proof
--> statement
ALTER TABLE notices DROP COLUMN source_known
--> statement
ALTER TABLE shortcodes DROP COLUMN urls_revoked
--> statement
ALTER TABLE shortcodes DROP COLUMN url_number
