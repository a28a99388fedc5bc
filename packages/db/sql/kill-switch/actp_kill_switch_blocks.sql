-- Null when nothing stops this agent's action; else the oldest switch that does, as {scope, reason, since}. To be asked in
-- the transaction of every release, so that no process can get around it.
create or replace function public.actp_kill_switch_blocks(p_agent text, p_action text) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('scope', k.scope, 'reason', k.reason, 'since', k.set_at)
  from public.actp_kill_switches k
  where k.lifted_at is null and public.kill_switch_covers(k.scope, p_agent, p_action)
  order by k.set_at, k.id
  limit 1;
$$;

comment on function public.actp_kill_switch_blocks(text, text) is
  'Returns the oldest kill switch that stops an action of an agent, or null.';

revoke all on function public.actp_kill_switch_blocks(text, text) from public, anon, authenticated, service_role;
