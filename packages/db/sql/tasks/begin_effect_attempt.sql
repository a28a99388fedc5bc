-- Before anything is sent. Gives {result: go | look_up | stopped | lost | settled, effect}. look_up: the service may have forgotten the key, so
-- nothing is sent again. stopped: by a kill switch; what was never sent has not happened, the rest is unknown.
create or replace function public.begin_effect_attempt(p_id uuid, p_holder text, p_effect uuid) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks := public.held_task(p_id, p_holder);
  e public.actp_task_effects;
  v_block jsonb;
begin
  if t.id is null then
    return jsonb_build_object('result', 'lost');
  end if;
  select * into strict e from public.actp_task_effects f where f.id = p_effect and f.task_id = p_id for update;
  if e.state <> 'reserved' then
    return jsonb_build_object('result', 'settled', 'effect', public.effect_json(e));
  end if;
  perform public.hold_kill_switch();
  v_block := coalesce(public.actp_kill_switch_blocks(t.agent, e.action), public.actp_kill_switch_blocks('executor', e.action));
  if v_block is not null then
    perform public.note_stopped(t.agent, e.action, 'tasks.effect.attempt', v_block, e.approval_id, public.task_context(t));
    e := public.settle_effect(e.id, case when e.attempts = 0 then 'not_done' else 'unknown' end,
      jsonb_build_object('reason', 'stopped by a kill switch'), t);
    return jsonb_build_object('result', 'stopped', 'effect', public.effect_json(e));
  end if;
  if e.first_attempt_at is not null
    and clock_timestamp() >= e.first_attempt_at + make_interval(secs => e.key_kept_seconds)
  then
    return jsonb_build_object('result', 'look_up', 'effect', public.effect_json(e));
  end if;
  update public.actp_task_effects f
  set attempts = f.attempts + 1, first_attempt_at = coalesce(f.first_attempt_at, clock_timestamp())
  where f.id = p_effect
  returning f.* into strict e;
  perform public.audit_task(t, 'tasks.effect.attempt', 'ok', t.agent,
    jsonb_build_object('effect', e.id, 'kind', e.kind, 'key', e.key, 'attempt', e.attempts), public.task_context(t));
  return jsonb_build_object('result', 'go', 'effect', public.effect_json(e));
end;
$$;

comment on function public.begin_effect_attempt(uuid, text, uuid) is
  'Records that an effect is about to be attempted, unless it may not be.';

revoke all on function public.begin_effect_attempt(uuid, text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.begin_effect_attempt(uuid, text, uuid) to actp_executor;
