alter table actp_audit.plane
  -- An operator has accepted this copy, and no anchor says so yet.
  add column accepted_at timestamptz,
  -- Why the anchor could not be written; null: the last one was.
  add column anchor_problem text check (char_length(anchor_problem) between 1 and 1000),
  add column anchor_problem_at timestamptz,
  add constraint problem_with_time check ((anchor_problem is null) = (anchor_problem_at is null));

-- Whoever could sign in when an older copy was made, and cannot any more, must not give lasting rights with it. The operator of the
-- settings (configured_hash) is set by whoever has the machine.
create trigger held_makes_agents before insert on public.actp_agents
  for each row execute function public.refuse_while_held();
create trigger held_gives_keys before update on public.actp_agents
  for each row when (new.key_hash is not null and new.key_hash is distinct from old.key_hash)
  execute function public.refuse_while_held();
create trigger held_makes_users before insert on public.actp_users
  for each row when (new.configured_hash is null) execute function public.refuse_while_held();
create trigger held_gives_rights before update on public.actp_users
  for each row when (
    (new.password_hash is distinct from old.password_hash and new.configured_hash is not distinct from old.configured_hash)
    or (new.invite_hash is not null and new.invite_hash is distinct from old.invite_hash)
    or (new.role = 'operator' and old.role <> 'operator') or (new.disabled_at is null and old.disabled_at is not null))
  execute function public.refuse_while_held();
create trigger held_links before insert on public.actp_telegram_links
  for each row execute function public.refuse_while_held();
