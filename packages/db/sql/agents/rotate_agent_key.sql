-- The key that was valid until now stays so for p_grace_seconds; one from a rotation before ends now.
create or replace function public.rotate_agent_key(
  p_id text, p_key_hash text, p_grace_seconds integer, p_actor text, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_agents;
begin
  perform public.assert_may_act(p_actor, p_context);
  -- A new key would be as dead as the old one.
  if exists (select from public.actp_agents g
    where g.id = p_id and g.deleted_at is null and g.expires_at <= clock_timestamp()) then
    return jsonb_build_object('result', 'expired');
  end if;
  update public.actp_agents g
  set previous_key_hash = case when p_grace_seconds > 0 then g.key_hash end,
    previous_until = case when p_grace_seconds > 0 then clock_timestamp() + make_interval(secs => p_grace_seconds) end,
    key_hash = decode(p_key_hash, 'hex'), rotated_at = clock_timestamp()
  where g.id = p_id and g.deleted_at is null
  returning * into a;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  perform public.note_agent_change('agent_key.rotate', p_actor,
    jsonb_build_object('agent', a.id, 'grace_seconds', p_grace_seconds), p_context);
  return jsonb_build_object('result', 'rotated', 'agent', public.agent_json(a));
end;
$$;

comment on function public.rotate_agent_key(text, text, integer, text, jsonb) is
  'Replaces the hash of an agent''s key, and writes the audit event.';

revoke all on function public.rotate_agent_key(text, text, integer, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.rotate_agent_key(text, text, integer, text, jsonb) to actp_gateway;
