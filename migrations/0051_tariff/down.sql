ALTER TABLE shortcodes DROP COLUMN tariff
