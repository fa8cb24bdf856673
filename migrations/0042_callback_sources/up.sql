ALTER TABLE shortcodes ADD COLUMN url_number INTEGER NOT NULL DEFAULT 1 CHECK (url_number BETWEEN 1 AND 65535)
--> statement
ALTER TABLE shortcodes ADD COLUMN urls_revoked INTEGER NOT NULL DEFAULT 0 CHECK (urls_revoked < url_number)
--> statement
ALTER TABLE notices ADD COLUMN source_known INTEGER CHECK (source_known IS NULL OR source_known IN (0, 1))
--> statement
ALTER TABLE notices ADD COLUMN proof TEXT CHECK (proof IS NULL OR proof IN ('proven', 'refuted'))
--> statement
ALTER TABLE notices ADD COLUMN proof_asks INTEGER NOT NULL DEFAULT 0
