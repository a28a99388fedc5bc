-- p_agent: {id, note, actions, expires_at, key_hash}, the hash in hex. Gives {result: created | conflict | too_many | past, agent}.
create or replace function public.create_agent(p_agent jsonb, p_actor text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_agents;
  v_name text := public.normal_name(p_agent ->> 'id');
  v_expires_at timestamptz := (p_agent ->> 'expires_at')::timestamptz;
  v_actions text[] := (
    select array_agg(x order by n) from jsonb_array_elements_text(nullif(p_agent -> 'actions', 'null')) with ordinality as e (x, n));
begin
  perform public.assert_may_act(p_actor, p_context);
  if v_expires_at <= clock_timestamp() then
    return jsonb_build_object('result', 'past');
  end if;
  -- Every gateway holds all of them.
  if (select count(*) from public.actp_agents g where g.deleted_at is null) >= 1000 then
    return jsonb_build_object('result', 'too_many');
  end if;
  -- A deleted name can be given again, by an operator and nobody else.
  insert into public.actp_agents as g (id, name, note, actions, expires_at, created_by, key_hash)
  values (p_agent ->> 'id', v_name, p_agent ->> 'note', v_actions, v_expires_at, left(p_actor, 340),
    decode(p_agent ->> 'key_hash', 'hex'))
  on conflict (name) do update
  set id = excluded.id, note = excluded.note, actions = excluded.actions, expires_at = excluded.expires_at,
    created_at = now(), created_by = excluded.created_by, key_hash = excluded.key_hash, previous_key_hash = null,
    previous_until = null, rotated_at = null, last_used_at = null, deleted_at = null
  where g.deleted_at is not null
  returning * into a;
  if not found then
    return jsonb_build_object('result', 'conflict');
  end if;
  perform public.note_agent_change('agent_key.create', p_actor, jsonb_strip_nulls(jsonb_build_object(
    'agent', a.id, 'actions', to_jsonb(a.actions), 'expires_at', a.expires_at)), p_context);
  return jsonb_build_object('result', 'created', 'agent', public.agent_json(a));
end;
$$;

comment on function public.create_agent(jsonb, text, jsonb) is
  'Creates an agent with the hash of its key, and writes the audit event.';

revoke all on function public.create_agent(jsonb, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.create_agent(jsonb, text, jsonb) to actp_gateway;
