CREATE TABLE payment_phones (
  payment_id TEXT PRIMARY KEY,
  phone_index BLOB NOT NULL CHECK (length(phone_index) = 16)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX payment_phones_by_phone ON payment_phones (phone_index)
--> statement
CREATE INDEX payments_by_account ON payments (shortcode_id, account_key)
