-- Begins a run, or says that another one is under way. An abandoned one is ended first.
create or replace function public.begin_selftest_run(
  p_run_id uuid, p_trigger text, p_job_id text, p_holder text, p_lease_seconds integer
) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform public.reap_selftest_runs();
  insert into public.actp_selftest_runs (run_id, trigger, job_id, holder, lease_until)
  values (p_run_id, p_trigger, p_job_id, p_holder, clock_timestamp() + make_interval(secs => p_lease_seconds))
  on conflict do nothing;
  return found;
end;
$$;

comment on function public.begin_selftest_run(uuid, text, text, text, integer) is
  'Starts a self-test run. Returns false if another one is running.';

revoke all on function public.begin_selftest_run(uuid, text, text, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.begin_selftest_run(uuid, text, text, text, integer) to actp_runner;
