-- Ends runs whose runner has not been heard of: each leaves an 'error' snapshot and an alert. Gives their number.
create or replace function public.reap_selftest_runs() returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_run public.actp_selftest_runs;
  v_count integer := 0;
begin
  for v_run in
    select * from public.actp_selftest_runs
    where finished_at is null and lease_until <= clock_timestamp()
    for update skip locked
  loop
    perform public.record_snapshot(
      jsonb_build_object(
        'run_id', v_run.run_id,
        'trigger', v_run.trigger,
        'status', 'error',
        'duration_ms', least(2147483647, 1000 * extract(epoch from clock_timestamp() - v_run.started_at))::integer,
        'failures', jsonb_build_array(jsonb_build_object(
          'suite', null, 'test', null,
          'message', 'the self-test runner died in step ' || v_run.step))),
      jsonb_build_object('problem',
        'Self-test did not finish: its runner died in step ' || v_run.step || ' (' || v_run.trigger || ')'));
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

comment on function public.reap_selftest_runs() is
  'Ends self-test runs whose lease has expired, each with an error snapshot, and returns how many there were.';

revoke all on function public.reap_selftest_runs() from public, anon, authenticated, service_role;
grant execute on function public.reap_selftest_runs() to actp_scheduler;
