ALTER TABLE clients ADD COLUMN parent_id TEXT
--> statement
ALTER TABLE clients ADD COLUMN owner_id TEXT
--> statement
UPDATE clients SET parent_id = (
  SELECT a.actor FROM audit a JOIN clients p ON p.id = a.actor AND p.merchant_id = clients.merchant_id
  WHERE a.subject_id = clients.id AND a.action = 'client.created' AND a.actor <> clients.id ORDER BY a.seq LIMIT 1
)
--> statement
UPDATE clients SET owner_id = (
  WITH RECURSIVE line (id, parent_id) AS (
    SELECT p.id, p.parent_id FROM clients p WHERE p.id = clients.parent_id
    UNION SELECT p.id, p.parent_id FROM clients p JOIN line ON p.id = line.parent_id
  )
  SELECT id FROM line WHERE parent_id IS NULL LIMIT 1
) WHERE parent_id IS NOT NULL
--> statement
CREATE INDEX clients_by_parent ON clients (parent_id) WHERE parent_id IS NOT NULL
