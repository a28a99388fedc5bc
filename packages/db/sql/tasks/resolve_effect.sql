-- An operator's answer to what nobody knew. Gives {result: resolved | known | already_resolved | not_unknown | not_found, task}.
create or replace function public.resolve_effect(
  p_task uuid, p_effect uuid, p_happened boolean, p_actor text, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks;
  e public.actp_task_effects;
  v_state text := case when p_happened then 'done' else 'not_done' end;
begin
  perform public.assert_may_act(p_actor, p_context);
  if p_happened is null then
    raise exception 'p_happened must be true or false' using errcode = 'invalid_parameter_value';
  end if;
  select * into t from public.actp_tasks q where q.id = p_task for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  select * into e from public.actp_task_effects f where f.id = p_effect and f.task_id = p_task for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if e.resolved_by is not null then
    return jsonb_build_object('result', case e.state when v_state then 'known' else 'already_resolved' end, 'task', public.task_json(t));
  end if;
  if e.state <> 'unknown' then
    return jsonb_build_object('result', 'not_unknown', 'task', public.task_json(t));
  end if;
  perform public.settle_effect(e.id, v_state, jsonb_build_object('reason', 'an operator said so'), t, p_actor, p_context);
  t := public.resume_unknown_task(p_task, p_actor, p_context);
  return jsonb_build_object('result', 'resolved', 'task', public.task_json(t));
end;
$$;

comment on function public.resolve_effect(uuid, uuid, boolean, text, jsonb) is
  'Records an operator''s word about whether an unknown effect happened.';

revoke all on function public.resolve_effect(uuid, uuid, boolean, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.resolve_effect(uuid, uuid, boolean, text, jsonb) to actp_gateway;
