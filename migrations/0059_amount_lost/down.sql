ALTER TABLE checkouts DROP COLUMN amount_lost
