-- Whether a self-test runs now: its suites and a heal's would disturb each other in one checkout.
create or replace function public.selftest_under_way() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('under_way', exists (
    select 1 from public.actp_selftest_runs r where r.finished_at is null and r.lease_until > clock_timestamp()));
$$;

comment on function public.selftest_under_way() is
  'Returns whether a self-test run is in progress.';

revoke all on function public.selftest_under_way() from public, anon, authenticated, service_role;
grant execute on function public.selftest_under_way() to actp_runner;
