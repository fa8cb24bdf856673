CREATE TABLE attention (
  case_id TEXT PRIMARY KEY,
  taken_by TEXT,
  sleeps_until INTEGER CHECK (sleeps_until > 0),
  updated_at INTEGER NOT NULL CHECK (updated_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE attention_notes (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  text BLOB NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL CHECK (at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX attention_notes_by_case ON attention_notes (case_id, id)
