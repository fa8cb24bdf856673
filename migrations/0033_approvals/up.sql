ALTER TABLE payouts ADD COLUMN approvals TEXT NOT NULL DEFAULT '[]' CHECK (json_type(approvals) = 'array')
--> statement
UPDATE payouts SET status = 'awaiting_approval', evidence = evidence & ~1, decided_by = NULL, decided_at = NULL,
  version = version + 1
WHERE status = 'queued' AND approval_required = 1 AND sends = 0
