CREATE TABLE key_processes (
  process TEXT PRIMARY KEY,
  rings TEXT NOT NULL CHECK (json_valid(rings)),
  seen_at INTEGER NOT NULL CHECK (seen_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE key_rings (
  ring TEXT PRIMARY KEY CHECK (ring IN ('encryption', 'index', 'signing', 'callback')),
  key_print TEXT NOT NULL,
  since INTEGER NOT NULL CHECK (since > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE key_seals (
  key_id TEXT PRIMARY KEY,
  seals INTEGER NOT NULL CHECK (seals >= 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE TABLE key_work (
  place TEXT PRIMARY KEY,
  key_print TEXT NOT NULL,
  after_row TEXT NOT NULL,
  changed INTEGER NOT NULL CHECK (changed >= 0),
  lost INTEGER NOT NULL CHECK (lost >= 0),
  ended_at INTEGER
) STRICT, WITHOUT ROWID
