-- What the guard asks before it allows: what is stopped, and an error while the plane is held.
create or replace function public.releasable_kill_switches() returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform public.assert_not_held();
  return public.active_kill_switches();
end;
$$;

comment on function public.releasable_kill_switches() is
  'Returns all kill switches that are set; raises an error while nothing may be released.';

revoke all on function public.releasable_kill_switches() from public, anon, authenticated, service_role;
grant execute on function public.releasable_kill_switches() to actp_gateway, actp_executor;
