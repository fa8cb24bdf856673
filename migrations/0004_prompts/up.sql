CREATE INDEX attempts_by_phone ON attempts (phone_index, created_at, evidence)
--> statement
CREATE TABLE prompt_guards (
  failed TEXT,
  CONSTRAINT prompts_limited CHECK (failed IS NULL)
) STRICT
