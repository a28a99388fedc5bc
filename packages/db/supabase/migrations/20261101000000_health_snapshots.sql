-- Results of self-test runs. Read by other services (select=*&order=created_at.desc&limit=3), written by the functions
-- of the self-test migration only.

-- Supabase gives every new table, function and sequence in public to anon and authenticated. Nobody but the service
-- role has business here, so that default ends now, for all that follows.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke execute on functions from public, anon, authenticated;
alter default privileges revoke execute on functions from public;
alter default privileges in schema public grant all on tables to service_role;
alter default privileges in schema public grant execute on functions to service_role;

create table public.actp_agent_health_snapshots (
  id uuid primary key default gen_random_uuid(),
  run_id uuid not null unique,
  trigger text not null check (trigger in ('startup', 'nightly', 'http', 'telegram')),
  status text not null check (status in ('passed', 'failed', 'healed', 'error')),
  tests_total integer not null default 0 check (tests_total >= 0),
  tests_passed integer not null default 0 check (tests_passed >= 0),
  tests_failed integer not null default 0 check (tests_failed >= 0),
  services_up integer not null default 0 check (services_up >= 0),
  services_total integer not null default 0 check (services_total >= services_up),
  services jsonb not null default '[]' check (jsonb_typeof(services) = 'array'),
  suites jsonb not null default '[]' check (jsonb_typeof(suites) = 'array'),
  failures jsonb not null default '[]' check (jsonb_typeof(failures) = 'array'),
  flaky jsonb not null default '[]' check (jsonb_typeof(flaky) = 'array'),
  heal jsonb,
  duration_ms integer not null default 0 check (duration_ms >= 0),
  created_at timestamptz not null default now()
);

create index actp_agent_health_snapshots_newest on public.actp_agent_health_snapshots (created_at desc);

alter table public.actp_agent_health_snapshots enable row level security;
