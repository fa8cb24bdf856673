DROP TRIGGER notices_vouched_for
--> statement
ALTER TABLE payments DROP COLUMN unproven
