-- Written once: a second plan of the same task changes nothing, and the first is returned. p_plan: {agent, input, facts, effects, at_most_minor, by}.
-- Gives {result: planned | known | above_max_spend | over_budget | lost, work}; what is too expensive ends here.
create or replace function public.plan_task(p_id uuid, p_holder text, p_plan jsonb, p_budget_minor numeric) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks := public.held_task(p_id, p_holder);
  v_most bigint := public.minor_units((p_plan ->> 'at_most_minor')::numeric, 'at_most_minor');
  v_reserved jsonb;
  v_context jsonb;
begin
  if t.id is null then
    return jsonb_build_object('result', 'lost');
  end if;
  if t.plan is not null then
    return jsonb_build_object('result', 'known', 'work', public.task_work(t));
  end if;
  update public.actp_tasks q set agent = p_plan ->> 'agent' where q.id = p_id returning q.* into strict t;
  v_context := public.task_context(t);
  if v_most > t.max_spend_minor then
    perform public.audit_task(t, 'security.policy_violation', 'denied', t.agent,
      jsonb_build_object('rule', 'max_spend', 'at_most_minor', v_most, 'max_spend_minor', t.max_spend_minor), v_context);
    perform public.end_task(p_id, 'fail', jsonb_build_object('error_code', 'above_max_spend', 'error', format(
      'it may cost %s USD, and the task may spend %s USD', (v_most / 100.0)::numeric(20, 2), (t.max_spend_minor / 100.0)::numeric(20, 2))),
      t.agent, v_context);
    return jsonb_build_object('result', 'above_max_spend');
  end if;
  if v_most > 0 then
    v_reserved := public.reserve_spend(jsonb_build_object(
      'id', t.id, 'user_id', t.user_id, 'agent', t.agent, 'task_id', t.id, 'amount_minor', v_most,
      'budget_minor', p_budget_minor, 'ttl_seconds', 86400), v_context);
    if v_reserved ->> 'result' not in ('reserved', 'known') then
      perform public.end_task(p_id, 'fail', jsonb_build_object('error_code', 'over_budget', 'error', format(
        'it may cost %s USD, and that is more than is left of the budget of this day', (v_most / 100.0)::numeric(20, 2))), t.agent, v_context);
      return jsonb_build_object('result', 'over_budget');
    end if;
  end if;
  update public.actp_tasks q set plan = p_plan where q.id = p_id;
  t := public.note_task_step(p_id, null, 'planned', jsonb_build_object(
    'agent', t.agent, 'by', p_plan -> 'by', 'note', p_plan -> 'note', 'at_most_minor', v_most,
    'effects', (select coalesce(jsonb_agg(e ->> 'action'), '[]') from jsonb_array_elements(p_plan -> 'effects') e)));
  return jsonb_build_object('result', 'planned', 'work', public.task_work(t));
end;
$$;

comment on function public.plan_task(uuid, text, jsonb, numeric) is
  'Stores what a task is going to do, once, and reserves what it may cost.';

revoke all on function public.plan_task(uuid, text, jsonb, numeric) from public, anon, authenticated, service_role;
grant execute on function public.plan_task(uuid, text, jsonb, numeric) to actp_executor;
