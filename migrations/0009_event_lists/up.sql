CREATE INDEX events_by_type ON events (merchant_id, type, id)
--> statement
CREATE INDEX events_by_subject ON events (merchant_id, subject_id, id)
