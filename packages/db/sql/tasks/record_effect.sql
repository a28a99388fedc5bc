-- p_answer: {state: done | not_done | unknown | not_sent, reference, facts, reason}. That it is done is taken from whoever comes with it: an
-- executor that has lost the task may have the answer that the other one waits for. Everything else only from who holds it.
-- not_sent: the attempt did surely not reach the service, and is not counted: nothing was ever sent, so far.
-- Gives {result: recorded | known | lost, effect}.
create or replace function public.record_effect(p_id uuid, p_holder text, p_effect uuid, p_answer jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks := public.held_task(p_id, p_holder);
  e public.actp_task_effects;
  v_state text := p_answer ->> 'state';
  v_held boolean := t.id is not null;
begin
  if v_state is null or v_state not in ('done', 'not_done', 'unknown', 'not_sent') then
    raise exception 'an effect is done, not_done, unknown or not_sent' using errcode = 'invalid_parameter_value';
  end if;
  if not v_held and v_state <> 'done' then
    return jsonb_build_object('result', 'lost');
  end if;
  if not v_held then
    select * into strict t from public.actp_tasks q where q.id = p_id;
  end if;
  select * into strict e from public.actp_task_effects f where f.id = p_effect and f.task_id = p_id for update;
  if e.state not in ('reserved', 'unknown') then
    return jsonb_build_object('result', 'known', 'effect', public.effect_json(e));
  end if;
  if v_state = 'not_sent' then
    update public.actp_task_effects f
    set attempts = f.attempts - 1, first_attempt_at = case when f.attempts > 1 then f.first_attempt_at end
    where f.id = p_effect and f.attempts > 0
    returning f.* into strict e;
    return jsonb_build_object('result', 'recorded', 'effect', public.effect_json(e));
  end if;
  e := public.settle_effect(e.id, v_state, p_answer, t);
  perform public.note_task_step(p_id, null, 'effect_' || v_state, jsonb_build_object('effect', e.id, 'kind', e.kind, 'reason', e.reason));
  if not v_held and t.status = 'failed' and t.error_code = 'effect_unknown' then
    perform public.resume_unknown_task(p_id, null, public.task_context(t));
  end if;
  return jsonb_build_object('result', 'recorded', 'effect', public.effect_json(e));
end;
$$;

comment on function public.record_effect(uuid, text, uuid, jsonb) is
  'Records what a service answered about an effect.';

revoke all on function public.record_effect(uuid, text, uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_effect(uuid, text, uuid, jsonb) to actp_executor;
