DROP INDEX events_by_subject
--> statement
DROP INDEX events_by_type
