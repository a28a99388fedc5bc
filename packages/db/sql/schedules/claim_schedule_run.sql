-- The first job that asks for a tick gets it: one whose job was late, was lost and caught up, or came twice is still run once.
-- run; done (another job has it or has had it); late (more than p_late_seconds), which is recorded as skipped. The same job may
-- ask again, for a retry. A job that comes early, from a worker whose clock is ahead, runs its tick: not twice.
create or replace function public.claim_schedule_run(
  p_schedule text, p_due_at timestamptz, p_job_id text, p_late_seconds integer
) returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_late boolean := v_now > p_due_at + make_interval(secs => p_late_seconds);
begin
  insert into public.actp_schedule_runs as r (schedule, due_at, status, job_id, started_at, finished_at)
  values (p_schedule, p_due_at, case when v_late then 'skipped' else 'started' end, p_job_id,
          case when v_late then null else v_now end, case when v_late then v_now end)
  on conflict (schedule, due_at) do update
    set status = 'started', job_id = excluded.job_id, started_at = coalesce(r.started_at, v_now), finished_at = null
    where (r.status in ('started', 'failed') and r.job_id = excluded.job_id)
       -- People were told that nobody took it up; now somebody does.
       or (r.status = 'missed' and not v_late);
  if not found then
    return case when v_late and exists (
      select 1 from public.actp_schedule_runs r
      where r.schedule = p_schedule and r.due_at = p_due_at and r.status in ('missed', 'skipped')
    ) then 'late' else 'done' end;
  end if;
  return case when exists (
    select 1 from public.actp_schedule_runs r
    where r.schedule = p_schedule and r.due_at = p_due_at and r.status = 'skipped'
  ) then 'late' else 'run' end;
end;
$$;

comment on function public.claim_schedule_run(text, timestamptz, text, integer) is
  'Claims a tick of a schedule for a job, by the database''s clock. Returns run, done or late.';

revoke all on function public.claim_schedule_run(text, timestamptz, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_schedule_run(text, timestamptz, text, integer) to actp_scheduler, actp_runner, actp_auditor, actp_inspector;
