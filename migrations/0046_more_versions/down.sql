DROP TRIGGER jobs_grow
--> statement
ALTER TABLE deliveries DROP COLUMN version
--> statement
ALTER TABLE jobs DROP COLUMN version
--> statement
ALTER TABLE notices DROP COLUMN version
