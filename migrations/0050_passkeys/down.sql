DROP TABLE signatures
--> statement
DROP TABLE used_challenges
--> statement
DROP TABLE passkeys
