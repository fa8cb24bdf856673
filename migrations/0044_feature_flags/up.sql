CREATE TABLE feature_flags (
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
  scope TEXT NOT NULL CHECK (length(scope) BETWEEN 1 AND 64),
  percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
  changed_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL CHECK (changed_at > 0),
  PRIMARY KEY (name, scope)
) STRICT, WITHOUT ROWID
