-- Sign of life. False: the run is over (it was given up as dead), so its runner must stop.
create or replace function public.extend_selftest_run(p_run_id uuid, p_step text, p_lease_seconds integer) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.actp_selftest_runs
  set lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds), step = p_step
  where run_id = p_run_id and finished_at is null;
  return found;
end;
$$;

comment on function public.extend_selftest_run(uuid, text, integer) is
  'Extends the lease of a self-test run and records its step. Returns false if the run has ended.';

revoke all on function public.extend_selftest_run(uuid, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.extend_selftest_run(uuid, text, integer) to actp_runner;
