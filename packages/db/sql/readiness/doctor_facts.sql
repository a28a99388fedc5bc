-- One call for all that the database knows of the plane's health. It reads little: the newest rows, and what is open. Rows that nobody
-- has signed are looked for in the last day alone, and count when they are older than three times what the auditor takes.
create or replace function public.doctor_facts() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  with checkpoint as (select c.n, c.created_at from actp_audit.checkpoints c order by c.n desc limit 1)
  select jsonb_build_object(
    'now', clock_timestamp(),
    'postgres', current_setting('server_version_num')::integer,
    'migrations', coalesce((select jsonb_agg(m.version order by m.version) from supabase_migrations.schema_migrations m), '[]'),
    'release', (select max(f.release) from actp_migrations.function_files f),
    'apps', coalesce((select jsonb_agg(distinct k.app) from actp_access.app_keys k), '[]'),
    'self_test', (
      select jsonb_build_object(
        'status', s.status, 'created_at', s.created_at, 'tests_total', s.tests_total, 'tests_passed', s.tests_passed,
        'services_up', s.services_up, 'services_total', s.services_total, 'services', s.services, 'failures', s.failures)
      from public.actp_agent_health_snapshots s order by s.created_at desc limit 1),
    'self_test_runs', exists (
      select from public.actp_selftest_runs r where r.finished_at is null and r.lease_until > clock_timestamp()),
    'checkpoint', (select jsonb_build_object('n', c.n, 'created_at', c.created_at) from checkpoint c),
    'unsigned_since', (
      select min(l.created_at) from public.actp_agent_audit_log l
      where l.created_at > greatest(
          clock_timestamp() - interval '1 day', coalesce((select c.created_at from checkpoint c), '-infinity'))
        and l.created_at < clock_timestamp() - interval '15 minutes'),
    'audit_alarm', (
      select max(n.created_at) from public.actp_notifications n where n.kind = 'audit.alarm'),
    'audit_acknowledged', (select max(a.acknowledged_at) from actp_audit.acknowledgements a),
    'unknown_effects', (select count(*) from public.actp_task_effects e where e.state = 'unknown'),
    'held', public.plane_hold(),
    'anchor_problem', (select p.anchor_problem from actp_audit.plane p),
    'kill_switches', (select count(*) from public.actp_kill_switches k where k.lifted_at is null),
    'messages_waiting_since', (
      select min(n.created_at) from public.actp_notifications n where n.state = 'pending'),
    'telegram_linked', (select count(*) from public.actp_telegram_links l where l.unlinked_at is null),
    'telegram_polling', exists (
      select from public.actp_leases l where l.name = 'telegram-poller' and l.expires_at > clock_timestamp()),
    'telegram_refusals', coalesce((
      select jsonb_agg(distinct jsonb_build_object('what', r.what, 'reason', r.reason))
      from public.actp_telegram_refusals r), '[]'));
$$;

comment on function public.doctor_facts() is
  'Returns what the database knows of the health of the plane, for npm run doctor.';

revoke all on function public.doctor_facts() from public, anon, authenticated, service_role;
grant execute on function public.doctor_facts() to actp_gateway, actp_cli;
