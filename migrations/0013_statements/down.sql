DROP TABLE reconciliation_left_out
--> statement
ALTER TABLE reconciliations DROP COLUMN reversed_by
--> statement
ALTER TABLE reconciliations DROP COLUMN reversed_at
--> statement
ALTER TABLE reconciliations DROP COLUMN reversing_at
--> statement
ALTER TABLE reconciliations DROP COLUMN left_out
--> statement
ALTER TABLE reconciliations DROP COLUMN notes
