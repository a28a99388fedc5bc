-- A tick was taken up, or came to its end.
create or replace function public.record_schedule_run(p_schedule text, p_due_at timestamptz, p_job_id text, p_status text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.actp_schedule_runs as r (schedule, due_at, status, job_id, started_at, finished_at)
  values (p_schedule, p_due_at, p_status, p_job_id, clock_timestamp(),
          case when p_status = 'started' then null else clock_timestamp() end)
  on conflict (schedule, due_at) do update
    set status = excluded.status, job_id = excluded.job_id,
        started_at = coalesce(r.started_at, excluded.started_at), finished_at = excluded.finished_at;
end;
$$;

comment on function public.record_schedule_run(text, timestamptz, text, text) is
  'Records that the run of a schedule has started or ended.';

revoke all on function public.record_schedule_run(text, timestamptz, text, text) from public, anon, authenticated, service_role;
grant execute on function public.record_schedule_run(text, timestamptz, text, text) to actp_scheduler, actp_runner, actp_auditor, actp_inspector;
