-- Held by whoever releases or decides, from before it asks about switches until it commits: a switch that is set waits for
-- them, so that nothing is released after the operator has heard that it is set. A held plane says so before it says anything that
-- only an older copy knows.
create or replace function public.hold_kill_switch() returns void
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('actp.kill_switch', 0));
  perform public.assert_not_held();
end;
$$;

comment on function public.hold_kill_switch() is
  'Takes the shared lock that makes setting a kill switch wait for decisions that are in progress; raises an error while the plane is held.';

revoke all on function public.hold_kill_switch() from public, anon, authenticated, service_role;
