CREATE TABLE trace_contexts (
  subject_id TEXT NOT NULL PRIMARY KEY,
  context TEXT NOT NULL CHECK (length(context) = 55),
  created_at INTEGER NOT NULL CHECK (created_at > 0)
) STRICT, WITHOUT ROWID
--> statement
CREATE INDEX trace_contexts_by_time ON trace_contexts (created_at)
