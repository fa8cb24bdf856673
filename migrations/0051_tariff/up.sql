ALTER TABLE shortcodes ADD COLUMN tariff TEXT CHECK (tariff IN ('mgao', 'business_bouquet', 'customer_bouquet'))
