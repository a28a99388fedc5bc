create or replace function public.kill_switch_json(k public.actp_kill_switches) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('id', k.id, 'scope', k.scope, 'reason', k.reason, 'since', k.set_at, 'set_by', k.set_by,
    'set_by_name', public.actor_name(k.set_by));
$$;

comment on function public.kill_switch_json(public.actp_kill_switches) is
  'Converts a kill switch to the JSON that callers get.';

revoke all on function public.kill_switch_json(public.actp_kill_switches) from public, anon, authenticated, service_role;
