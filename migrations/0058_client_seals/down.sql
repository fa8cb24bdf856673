ALTER TABLE clients DROP COLUMN row_seal
