DROP TABLE prompt_guards
--> statement
DROP INDEX attempts_by_phone
