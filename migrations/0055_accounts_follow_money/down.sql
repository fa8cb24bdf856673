DROP TRIGGER accounts_follow_attempts
--> statement
DROP TRIGGER accounts_follow_money
