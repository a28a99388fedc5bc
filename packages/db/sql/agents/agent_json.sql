-- Without hashes: nobody who reads needs them.
create or replace function public.agent_json(a public.actp_agents) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', a.id,
    'note', a.note,
    'actions', to_jsonb(a.actions),
    'expires_at', a.expires_at,
    'created_at', a.created_at,
    'created_by', a.created_by,
    'rotated_at', a.rotated_at,
    'last_used_at', a.last_used_at);
$$;

comment on function public.agent_json(public.actp_agents) is
  'Converts an agent to the JSON that operators get, without its key.';

revoke all on function public.agent_json(public.actp_agents) from public, anon, authenticated, service_role;
