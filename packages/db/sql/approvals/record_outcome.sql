-- What became of the action. The same report again is the same answer.
--
-- That it failed before it had any effect is only the agent's word, and a limit behind an approval does not rest on that: what the
-- redeem counted stays counted until p_confirmed, which is an operator's word, or that of the part of the plane that did it.
create or replace function public.record_outcome(
  p_id uuid, p_outcome text, p_result jsonb, p_context jsonb, p_before_effect boolean default false,
  p_confirmed boolean default false
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_agent text := coalesce(p_context ->> 'agent_id', 'worker');
begin
  if p_outcome is null or p_outcome not in ('succeeded', 'failed')
    or p_before_effect is null or (p_before_effect and p_outcome <> 'failed')
  then
    raise exception 'an outcome is succeeded, failed, or failed before any effect' using errcode = 'invalid_parameter_value';
  end if;
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if not p_confirmed and p_context ->> 'source' is distinct from 'plane' and (public.approval_asker(a) <> v_agent or a.source = 'plane') then
    return jsonb_build_object('result', 'other_agent');
  end if;
  -- What became of a task's effect is said of the effect, where money and limits hang on it.
  if p_context ->> 'source' is distinct from 'plane'
    and exists (select from public.actp_task_effects e where e.approval_id = a.id)
  then
    return jsonb_build_object('result', 'effect_of_task', 'approval', public.approval_json(a));
  end if;
  -- An operator's word is taken from one who may still give it.
  if v_agent like 'operator:%' and not public.may_act(v_agent, p_context) then
    return jsonb_build_object('result', 'not_operator', 'approval', public.approval_json(a));
  end if;
  if a.redeemed_at is null then
    return jsonb_build_object('result', 'not_redeemed', 'approval', public.approval_json(a));
  end if;
  if p_confirmed and p_before_effect and a.outcome in ('failed', 'unknown') and (
    not a.outcome_before_effect or exists (select from public.actp_limit_uses u where u.grant_id = a.grant_id))
  then
    update public.actp_approval_queue q
    set outcome_before_effect = true, version = q.version + 1
    where q.id = p_id
    returning q.* into strict a;
    perform public.note_approval_event(a, a.outcome);
    delete from public.actp_limit_uses u where u.grant_id = a.grant_id;
    perform public.audit_approval(a, 'approval.outcome', 'error', v_agent,
      jsonb_build_object('outcome', a.outcome, 'before_effect', true, 'confirmed', true), p_context);
    return jsonb_build_object('result', 'recorded', 'approval', public.approval_json(a));
  end if;
  if a.outcome is not null then
    return jsonb_build_object(
      'result', case
        when a.outcome = p_outcome and a.outcome_before_effect = p_before_effect then 'recorded'
        else 'already_recorded' end,
      'approval', public.approval_json(a));
  end if;
  update public.actp_approval_queue q
  set outcome = p_outcome, outcome_at = clock_timestamp(), outcome_result = p_result,
    outcome_before_effect = p_before_effect, version = q.version + 1
  where q.id = p_id
  returning q.* into strict a;
  if p_before_effect and p_confirmed then
    delete from public.actp_limit_uses u where u.grant_id = a.grant_id;
  end if;
  perform public.note_approval_event(a, p_outcome);
  perform public.audit_approval(a, 'approval.outcome', case when p_outcome = 'succeeded' then 'ok' else 'error' end,
    v_agent, jsonb_build_object('outcome', p_outcome, 'result', p_result)
      || case when p_before_effect then '{"before_effect": true}'::jsonb else '{}' end
      || case when p_confirmed then '{"confirmed": true}'::jsonb else '{}' end, p_context);
  return jsonb_build_object('result', 'recorded', 'approval', public.approval_json(a));
end;
$$;

comment on function public.record_outcome(uuid, text, jsonb, jsonb, boolean, boolean) is
  'Records the outcome of a redeemed approval.';

revoke all on function public.record_outcome(uuid, text, jsonb, jsonb, boolean, boolean) from public, anon, authenticated, service_role;
grant execute on function public.record_outcome(uuid, text, jsonb, jsonb, boolean, boolean) to actp_gateway;
