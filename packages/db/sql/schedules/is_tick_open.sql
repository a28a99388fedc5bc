-- Its schedule stood like this when it was due, and no job has taken it, or a later one, up.
create or replace function public.is_tick_open(p_schedule text, p_due_at timestamptz) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (select 1 from public.actp_schedules s where s.name = p_schedule and s.valid_from < p_due_at)
    and not exists (
      select 1 from public.actp_schedule_runs r
      where r.schedule = p_schedule and r.due_at >= p_due_at and r.status <> 'missed')
$$;

comment on function public.is_tick_open(text, timestamptz) is
  'Returns whether a tick of a schedule has not been run yet.';

revoke all on function public.is_tick_open(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.is_tick_open(text, timestamptz) to actp_scheduler;
