ALTER TABLE checkouts DROP COLUMN split
