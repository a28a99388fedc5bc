-- What each app may do is said by grants to a role of its own. The service-role key, which other programs hold, keeps what they need: it
-- inserts audit rows and approval requests, and reads snapshots, approvals and the audit log. Decision 017.

-- Roles belong to the whole server: another database of it may have them already.
do $$
declare
  v_role text;
begin
  foreach v_role in array array['actp_gateway', 'actp_bot', 'actp_scheduler', 'actp_runner', 'actp_auditor', 'actp_cli'] loop
    if not exists (select from pg_roles r where r.rolname = v_role) then
      execute format('create role %I nologin noinherit', v_role);
    end if;
    if not exists (select from pg_auth_members m
      where m.roleid = v_role::regrole and m.member = 'authenticator'::regrole) then
      execute format('grant %I to authenticator', v_role);
    end if;
    execute format('grant usage on schema public to %I', v_role);
  end loop;
end $$;

create schema actp_access;
revoke all on schema actp_access from public;
grant usage on schema actp_access to anon, authenticated, service_role;

-- Who may call as which app. The key itself is known to that app alone.
create table actp_access.app_keys (
  key_hash bytea not null check (octet_length(key_hash) = 32),
  app text not null check (app in ('gateway', 'bot', 'scheduler', 'runner', 'auditor', 'cli')),
  registered_at timestamptz not null default now(),
  primary key (key_hash, app)
);
alter table actp_access.app_keys enable row level security;
revoke all on actp_access.app_keys from public, anon, authenticated, service_role;

-- What is created from now on is open to nobody until a migration says so.
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
-- Without a schema: the default of Postgres itself, which lets everybody execute a new function.
alter default privileges revoke execute on functions from public;

-- Of the tables that are ours, whatever else lives in this database.
do $$
declare
  v_table regclass;
begin
  for v_table in
    select c.oid::regclass from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and c.relname like 'actp\_%'
  loop
    execute format('revoke all on %s from anon, authenticated, service_role', v_table);
  end loop;
end $$;

grant select on public.actp_agent_health_snapshots to service_role;
grant select, insert (action, details, requested_by) on public.actp_approval_queue to service_role;
grant select, insert (event_id, agent_id, action_type, status, result, error, started_at, completed_at, ip_address, user_agent,
  request_id, task_id, approval_id) on public.actp_agent_audit_log to service_role;

-- What apps read without a function.
grant select on public.actp_agent_health_snapshots to actp_gateway, actp_bot, actp_runner;
create policy apps_read on public.actp_agent_health_snapshots for select to actp_gateway, actp_bot, actp_runner using (true);
grant select on public.actp_selftest_runs to actp_bot;
create policy apps_read on public.actp_selftest_runs for select to actp_bot using (true);
grant select on public.actp_approval_callbacks to actp_scheduler;
create policy apps_read on public.actp_approval_callbacks for select to actp_scheduler using (true);
grant select on public.actp_notifications to actp_bot;
create policy apps_read on public.actp_notifications for select to actp_bot using (true);
grant select on public.actp_telegram_moves to actp_bot;
create policy apps_read on public.actp_telegram_moves for select to actp_bot using (true);
grant select on public.actp_telegram_refusals to actp_gateway;
create policy apps_read on public.actp_telegram_refusals for select to actp_gateway using (true);

alter table actp_audit.checkpoints enable row level security;
alter table actp_audit.lanes enable row level security;
alter table actp_audit.event_ids enable row level security;
