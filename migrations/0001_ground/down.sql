DROP TABLE guards
--> statement
DROP TABLE counters
--> statement
DROP TABLE idempotency_keys
--> statement
DROP TABLE audit
--> statement
DROP TABLE events
--> statement
DROP TABLE jobs
--> statement
DROP TABLE notices
--> statement
DROP TABLE payments
--> statement
DROP TABLE attempts
--> statement
DROP TABLE checkouts
--> statement
DROP TABLE shortcodes
--> statement
DROP TABLE clients
--> statement
DROP TABLE merchants
