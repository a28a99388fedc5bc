-- What stops a heal now, if anything: a kill switch that covers the agent self-heal or the action system.heal.
create or replace function public.heal_block() returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('blocked', b.by is not null, 'by', b.by)
  from (select public.actp_kill_switch_blocks('self-heal', 'system.heal') as by) b;
$$;

comment on function public.heal_block() is
  'Returns the kill switch that stops self-healing now, if any.';

revoke all on function public.heal_block() from public, anon, authenticated, service_role;
grant execute on function public.heal_block() to actp_runner;
