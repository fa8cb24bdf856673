ALTER TABLE checkouts ADD COLUMN amount_lost INTEGER NOT NULL DEFAULT 0 CHECK (amount_lost >= 0)
