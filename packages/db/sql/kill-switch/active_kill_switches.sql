-- What is stopped now, newest first.
create or replace function public.active_kill_switches() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(public.kill_switch_json(k) order by k.set_at desc, k.id desc), '[]')
  from public.actp_kill_switches k
  where k.lifted_at is null;
$$;

comment on function public.active_kill_switches() is
  'Returns all kill switches that are set, newest first.';

revoke all on function public.active_kill_switches() from public, anon, authenticated, service_role;
grant execute on function public.active_kill_switches() to actp_gateway, actp_bot, actp_executor;
