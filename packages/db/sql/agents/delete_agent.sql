create or replace function public.delete_agent(p_id text, p_actor text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_agents;
begin
  perform public.assert_may_act(p_actor, p_context);
  update public.actp_agents g
  set deleted_at = clock_timestamp(), key_hash = null, previous_key_hash = null, previous_until = null
  where g.id = p_id and g.deleted_at is null
  returning * into a;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  perform public.note_agent_change('agent_key.delete', p_actor, jsonb_build_object('agent', a.id), p_context);
  return jsonb_build_object('result', 'deleted', 'agent', public.agent_json(a));
end;
$$;

comment on function public.delete_agent(text, text, jsonb) is
  'Ends an agent''s key, and writes the audit event. The name stays taken.';

revoke all on function public.delete_agent(text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.delete_agent(text, text, jsonb) to actp_gateway;
