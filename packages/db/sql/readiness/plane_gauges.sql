-- For metrics: what is open, and since when. All of it is read from indexes of what is open; ages are in seconds, by the database's clock.
-- Rows that no checkpoint covers are looked for in the last day alone.
create or replace function public.plane_gauges() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  with age as (select clock_timestamp() as now),
  signed as (select c.created_at from actp_audit.checkpoints c order by c.n desc limit 1),
  self_test as (
    select s.status, s.created_at from public.actp_agent_health_snapshots s order by s.created_at desc limit 1)
  select jsonb_build_object(
    'approvals_pending', (
      select count(*) from public.actp_approval_queue a where a.status = 'pending' and a.expires_at > age.now),
    'approvals_oldest', (
      select extract(epoch from age.now - min(a.created_at))
      from public.actp_approval_queue a where a.status = 'pending' and a.expires_at > age.now),
    'notifications_oldest', (
      select extract(epoch from age.now - min(n.created_at)) from public.actp_notifications n where n.state = 'pending'),
    'checkpoint_age', (select extract(epoch from age.now - s.created_at) from signed s),
    'unsigned_oldest', (
      select extract(epoch from age.now - min(l.created_at)) from public.actp_agent_audit_log l
      where l.created_at > greatest(
        age.now - interval '1 day', coalesce((select s.created_at from signed s), '-infinity'))),
    'tasks', (
      select coalesce(jsonb_object_agg(t.status, t.n), '{}') from (
        select w.status, count(*) as n from public.actp_tasks w
        where w.ended_at is null or w.ended_at > age.now - interval '1 day'
        group by w.status) t),
    'effects_unknown', (select count(*) from public.actp_task_effects e where e.state = 'unknown'),
    'kill_switches', (select count(*) from public.actp_kill_switches k where k.lifted_at is null),
    'self_test_age', (select extract(epoch from age.now - s.created_at) from self_test s),
    'self_test_passed', (select s.status in ('passed', 'healed') from self_test s))
  from age;
$$;

comment on function public.plane_gauges() is
  'Returns what metrics show of the database: how much is open, and for how many seconds.';

revoke all on function public.plane_gauges() from public, anon, authenticated, service_role;
grant execute on function public.plane_gauges() to actp_gateway;
