DROP TABLE attention_notes
--> statement
DROP TABLE attention
