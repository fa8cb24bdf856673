DROP TABLE sessions
--> statement
DROP TABLE sign_in_links
--> statement
DROP TABLE people
