-- Held by whoever releases or decides, from before it asks about switches until it commits: a switch that is set waits for
-- them, so that nothing is released after the operator has heard that it is set.
create or replace function public.hold_kill_switch() returns void
language sql
set search_path = ''
as $$
  select pg_advisory_xact_lock_shared(hashtextextended('actp.kill_switch', 0));
$$;

comment on function public.hold_kill_switch() is
  'Takes the shared lock that makes setting a kill switch wait for decisions that are in progress.';

revoke all on function public.hold_kill_switch() from public, anon, authenticated, service_role;
