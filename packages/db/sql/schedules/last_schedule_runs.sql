-- The newest tick of each schedule.
create or replace function public.last_schedule_runs()
returns table (schedule text, due_at timestamptz, status text, started_at timestamptz)
language sql
stable
security definer
set search_path = ''
as $$
  select distinct on (r.schedule) r.schedule, r.due_at, r.status, r.started_at
  from public.actp_schedule_runs r
  order by r.schedule, r.due_at desc;
$$;

comment on function public.last_schedule_runs() is
  'Returns the newest run of each schedule.';

revoke all on function public.last_schedule_runs() from public, anon, authenticated, service_role;
grant execute on function public.last_schedule_runs() to actp_gateway, actp_scheduler;
