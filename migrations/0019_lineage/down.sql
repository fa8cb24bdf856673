DROP INDEX clients_by_parent
--> statement
ALTER TABLE clients DROP COLUMN owner_id
--> statement
ALTER TABLE clients DROP COLUMN parent_id
