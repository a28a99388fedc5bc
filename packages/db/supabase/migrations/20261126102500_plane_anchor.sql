-- Which plane this database belongs to, how far its anchor has seen it come, and whether it may release anything. One row. It says `held`
-- whenever the server was started, or the table was made, after it was last compared with the anchor: an older copy can only be one of these.
create table actp_audit.plane (
  singleton boolean primary key default true check (singleton),
  plane_id uuid not null default gen_random_uuid(),
  -- Made as an empty database, and not by an upgrade of one that holds approvals.
  made_empty boolean not null,
  -- Rows of days that were dropped: the count of all rows never goes down.
  retired_rows bigint not null default 0,
  -- Null until the first anchor.
  anchored_rows bigint,
  anchored_at timestamptz,
  -- Grows with each accepted restore.
  epoch integer not null default 1,
  -- The public key of the auditor that signs here.
  signing_key text check (char_length(signing_key) <= 200),
  -- The server process and the table that were compared with the anchor.
  confirmed_for text,
  held_code text check (held_code in ('behind', 'other_plane', 'anchor_missing', 'anchor_unusable', 'signing_key')),
  held_reason text check (char_length(held_reason) between 1 and 1000),
  held_at timestamptz,
  -- What was stopped when the anchor was written: [{scope, reason, set_by, since}]; null when nobody knows.
  held_stopped jsonb,
  constraint held_with_reason check ((held_code is null) = (held_reason is null) and (held_code is null) = (held_at is null))
);
alter table actp_audit.plane enable row level security;
revoke all on actp_audit.plane from public, anon, authenticated, service_role;
insert into actp_audit.plane (made_empty)
select not exists (select from public.actp_approval_queue) and not exists (select from public.actp_tasks)
  and not exists (select from public.actp_kill_switches) and not exists (select from public.actp_users)
  and not exists (select from actp_audit.checkpoints);

-- What a held plane refuses, whoever writes it and through whichever function. A trigger costs nothing but on these transitions.
create function public.refuse_while_held() returns trigger
language plpgsql as $$ begin raise exception 'declared only'; end $$;

create trigger held_asks before insert on public.actp_approval_queue
  for each row execute function public.refuse_while_held();
create trigger held_decides before update on public.actp_approval_queue
  for each row when (
    (new.status is distinct from old.status and new.status in ('pending', 'approved', 'rejected'))
    or (new.redeemed_at is not null and new.redeemed_at is distinct from old.redeemed_at)
    or (new.grant_id is not null and new.grant_id is distinct from old.grant_id)
    or (new.lapsed_at is null and old.lapsed_at is not null)
    or (new.redeemed_at is null and old.redeemed_at is not null))
  execute function public.refuse_while_held();
create trigger held_votes before insert on public.actp_approval_votes
  for each row execute function public.refuse_while_held();
create trigger held_presses before insert or update on public.actp_approval_first_presses
  for each row execute function public.refuse_while_held();
create trigger held_calls_back before update on public.actp_approval_callbacks
  for each row when (new.attempts > old.attempts)
  execute function public.refuse_while_held();
create trigger held_reserves_effect before insert on public.actp_task_effects
  for each row execute function public.refuse_while_held();
create trigger held_attempts_effect before update on public.actp_task_effects
  for each row when (new.attempts > old.attempts or new.resolved_by is distinct from old.resolved_by)
  execute function public.refuse_while_held();
create trigger held_pays before insert on public.actp_ledger
  for each row execute function public.refuse_while_held();
create trigger held_grants before insert on public.actp_limit_grants
  for each row execute function public.refuse_while_held();
create trigger held_lifts before update on public.actp_kill_switches
  for each row when (new.lifted_at is not null and old.lifted_at is null)
  execute function public.refuse_while_held();
create trigger held_lifts_by_deleting before delete on public.actp_kill_switches
  for each row execute function public.refuse_while_held();
create trigger held_reserves_money before insert on public.actp_spend_reservations
  for each row execute function public.refuse_while_held();
create trigger held_spends before update on public.actp_spend_reservations
  for each row when (new.state = 'committed' and old.state is distinct from new.state)
  execute function public.refuse_while_held();
create trigger held_heals before update on public.actp_heals
  for each row when (
    (new.holds_acd and not old.holds_acd) or (new.sent_at is not null and old.sent_at is null))
  execute function public.refuse_while_held();
