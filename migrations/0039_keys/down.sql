DROP TABLE key_work
--> statement
DROP TABLE key_seals
--> statement
DROP TABLE key_rings
--> statement
DROP TABLE key_processes
