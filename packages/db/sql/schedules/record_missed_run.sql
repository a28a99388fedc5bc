-- A tick that nobody took up. Alerts once; gives the notification's id, or null when it is known or was not due.
create or replace function public.record_missed_run(p_schedule text, p_due_at timestamptz, p_body text) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not exists (
    select 1 from public.actp_schedules s where s.name = p_schedule and s.valid_from < p_due_at
  ) then
    return null;
  end if;
  insert into public.actp_schedule_runs (schedule, due_at, status, finished_at)
  values (p_schedule, p_due_at, 'missed', clock_timestamp())
  on conflict do nothing;
  if not found then
    return null;
  end if;
  return public.enqueue_notification(
    'missed:' || p_schedule || ':' || extract(epoch from p_due_at)::bigint, 'schedule.missed', p_body);
end;
$$;

comment on function public.record_missed_run(text, timestamptz, text) is
  'Records a missed run once and creates its alert. Returns the id of the notification, or null.';

revoke all on function public.record_missed_run(text, timestamptz, text) from public, anon, authenticated, service_role;
grant execute on function public.record_missed_run(text, timestamptz, text) to actp_scheduler;
