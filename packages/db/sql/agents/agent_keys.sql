-- What a gateway needs to know whose key it is shown: {version, now, agents}. Without agents when p_version is current, which is
-- what nearly every call finds: gateways ask several times a second, and never because of a key that is wrong. Deleted agents are
-- listed without hashes: their names stay taken.
create or replace function public.agent_keys(p_version uuid) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object('version', l.version, 'now', clock_timestamp()) || case
    when l.version = p_version then '{}'::jsonb
    else jsonb_build_object('agents', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', a.id, 'name', a.name, 'actions', to_jsonb(a.actions), 'expires_at', a.expires_at,
        'key_hash', encode(a.key_hash, 'hex'), 'previous_key_hash', encode(a.previous_key_hash, 'hex'),
        'previous_until', a.previous_until))
      from public.actp_agents a), '[]'))
    end
  from actp_access.agent_list l;
$$;

comment on function public.agent_keys(uuid) is
  'Returns the hashes of all agents'' keys with what each may do, or only the version when the caller has that already.';

revoke all on function public.agent_keys(uuid) from public, anon, authenticated, service_role;
grant execute on function public.agent_keys(uuid) to actp_gateway;
