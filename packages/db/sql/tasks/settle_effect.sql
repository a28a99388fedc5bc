-- To be called with the task locked. The only place that changes the state of an effect after it was reserved; what is done or not done
-- stays so. p_answer: {reference, facts, reason}.
create or replace function public.settle_effect(
  p_effect uuid, p_state text, p_answer jsonb, t public.actp_tasks, p_actor text default null, p_context jsonb default null
) returns public.actp_task_effects
language plpgsql
set search_path = ''
as $$
declare
  e public.actp_task_effects;
  v_context jsonb := coalesce(p_context, public.task_context(t));
begin
  update public.actp_task_effects f
  set state = p_state,
      reference = coalesce(left(p_answer ->> 'reference', 512), f.reference),
      facts = coalesce(p_answer -> 'facts', f.facts),
      reason = left(p_answer ->> 'reason', 2000),
      resolved_by = coalesce(p_actor, f.resolved_by),
      settled_at = case when p_state in ('done', 'not_done') then clock_timestamp() end
  where f.id = p_effect and f.state in ('reserved', 'unknown') and f.state <> p_state
  returning f.* into e;
  if not found then
    select * into strict e from public.actp_task_effects f where f.id = p_effect;
    return e;
  end if;
  perform public.audit_task(t, 'tasks.effect.' || p_state, case p_state when 'done' then 'ok' else 'error' end,
    coalesce(p_actor, t.agent, 'executor'),
    jsonb_build_object('effect', e.id, 'kind', e.kind, 'key', e.key, 'attempts', e.attempts, 'reference', e.reference,
      'amount_minor', nullif(e.amount_minor, 0), 'error', case when p_state <> 'done' then e.reason end), v_context);
  if p_state = 'unknown' then
    perform public.enqueue_notification('effect:' || e.id || ':unknown', 'task.effect_unknown', concat_ws(E'\n',
      '❓ Nobody knows whether an effect has happened: ' || e.action,
      'Task ' || t.id || ', effect ' || e.id,
      'Reason: ' || actp_audit.redact_text(e.reason),
      'It is not tried again. Look it up at the service (key ' || e.key || '), then say what happened: '
        || 'POST /v1/tasks/' || t.id || '/effects/' || e.id || '/resolution {"happened": true or false}'));
  end if;
  if p_state in ('done', 'not_done') then
    perform public.record_outcome(e.approval_id, case p_state when 'done' then 'succeeded' else 'failed' end,
      jsonb_strip_nulls(jsonb_build_object('reference', e.reference, 'reason', e.reason)), public.task_context(t),
      p_state = 'not_done', true);
  end if;
  return e;
end;
$$;

comment on function public.settle_effect(uuid, text, jsonb, public.actp_tasks, text, jsonb) is
  'Writes down how an effect ended, with its audit event and the outcome of its approval.';

revoke all on function public.settle_effect(uuid, text, jsonb, public.actp_tasks, text, jsonb) from public, anon, authenticated, service_role;
