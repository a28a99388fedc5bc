alter table actp_audit.plane
  -- An operator has accepted this copy, and no anchor says so yet.
  add column accepted_at timestamptz,
  -- Why the anchor could not be written; null: the last one was.
  add column anchor_problem text check (char_length(anchor_problem) between 1 and 1000),
  add column anchor_problem_at timestamptz,
  add constraint problem_with_time check ((anchor_problem is null) = (anchor_problem_at is null));
