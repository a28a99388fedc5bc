-- To be called with the task locked, once none of its effects is unknown any more. All happened: it succeeded after all. Money of what has not happened is given back.
create or replace function public.resume_unknown_task(p_id uuid, p_actor text, p_context jsonb) returns public.actp_tasks
language plpgsql
set search_path = ''
as $$
declare
  t public.actp_tasks;
  v_paid bigint;
begin
  select * into strict t from public.actp_tasks q where q.id = p_id;
  if exists (select from public.actp_task_effects e where e.task_id = p_id and e.state in ('unknown', 'reserved')) then
    return t;
  end if;
  select coalesce(sum(e.amount_minor), 0) into v_paid from public.actp_task_effects e where e.task_id = p_id and e.state = 'done';
  if exists (select from public.actp_task_effects e where e.task_id = p_id and e.state = 'not_done') then
    perform public.refund_spend(p_id, v_paid, p_context);
    update public.actp_tasks q
    set error_code = 'effect_not_done', error = 'it did not happen', cost_minor = v_paid where q.id = p_id;
    return public.note_task_step(p_id, null, 'effect_resolved', jsonb_build_object('by', p_actor, 'happened', false));
  end if;
  update public.actp_tasks q
  set error_code = null, error = null,
      result = coalesce(q.result, (
        select jsonb_build_object('effects', jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
          'kind', e.kind, 'reference', e.reference)) order by e.place))
        from public.actp_task_effects e where e.task_id = p_id))
  where q.id = p_id;
  t := public.note_task_step(p_id, 'happened', 'effect_resolved', jsonb_build_object('by', p_actor, 'happened', true));
  perform public.audit_task(t, 'tasks.succeeded', 'ok', coalesce(p_actor, t.agent, 'executor'), jsonb_build_object('resolved', true), p_context);
  return t;
end;
$$;

comment on function public.resume_unknown_task(uuid, text, jsonb) is
  'Gives a task whose effects were unknown its end, now that they are known.';

revoke all on function public.resume_unknown_task(uuid, text, jsonb) from public, anon, authenticated, service_role;
