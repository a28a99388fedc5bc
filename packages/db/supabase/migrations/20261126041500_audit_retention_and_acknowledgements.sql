-- How long audit days are kept at least. The owner sets it at start (AUDIT_RETENTION_DAYS); no app can, so that no app can drop a younger day.
create table actp_audit.retention (
  singleton boolean primary key default true check (singleton),
  days integer not null check (days between 1 and 36500)
);
alter table actp_audit.retention enable row level security;
revoke all on actp_audit.retention from public, anon, authenticated, service_role;
insert into actp_audit.retention (days) values (90);

-- Damage that an operator has looked at, so that checkpoints go on behind it. It stays in every report.
create table actp_audit.acknowledgements (
  id bigint generated always as identity primary key,
  -- As verification reported it: [{day, lane, seq, checkpoint, reason, found}].
  damage jsonb not null check (jsonb_typeof(damage) = 'array' and jsonb_array_length(damage) between 1 and 1000),
  -- The newest checkpoints of that moment, in the database and outside of it: {n, digest}, or null.
  stored jsonb,
  outside jsonb,
  reason text not null check (char_length(reason) between 1 and 500),
  acknowledged_by text not null,
  acknowledged_at timestamptz not null default clock_timestamp()
);
alter table actp_audit.acknowledgements enable row level security;
revoke all on actp_audit.acknowledgements from public, anon, authenticated, service_role;
create trigger acknowledgements_append_only before delete or update on actp_audit.acknowledgements
  for each row execute function public.refuse_audit_change();
create trigger acknowledgements_no_truncate before truncate on actp_audit.acknowledgements
  for each statement execute function public.refuse_audit_change();
