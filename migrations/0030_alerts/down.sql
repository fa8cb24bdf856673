DROP TABLE drift
--> statement
DROP TABLE daraja_calls
--> statement
DROP TABLE prompt_hours
--> statement
DROP TABLE alert_runs
--> statement
DROP TABLE alert_messages
--> statement
DROP TABLE alerts
