-- Runs whose healing is not over and that no worker has a hand on: their job was lost.
create or replace function public.due_heals(p_older_than_seconds integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'run_id', s.run_id, 'request', s.heal ->> 'request', 'by', coalesce(s.heal ->> 'asked_by', 'plane'))), '[]')
  from (
    select * from public.actp_agent_health_snapshots s
    where s.heal ->> 'state' in ('queued', 'running')
      and s.created_at > clock_timestamp() - interval '30 days'
      and s.created_at <= clock_timestamp() - make_interval(secs => p_older_than_seconds)
    order by s.created_at
    limit 100
  ) s
  where not exists (
      select 1 from public.actp_leases l where l.name = 'heal:' || s.run_id and l.expires_at > clock_timestamp())
    and not exists (
      select 1 from public.actp_heals o
      where o.run_id = s.run_id and o.finished_at is null
        and o.touched_at > clock_timestamp() - make_interval(secs => p_older_than_seconds));
$$;

comment on function public.due_heals(integer) is
  'Lists runs whose heals have not ended and that no worker is processing.';

revoke all on function public.due_heals(integer) from public, anon, authenticated, service_role;
grant execute on function public.due_heals(integer) to actp_runner;
