DROP TABLE merchant_logos
--> statement
ALTER TABLE merchant_settings DROP COLUMN brand
