-- To be called with the row locked. Settles what belongs to the task: effects that were never tried have not happened, those whose answer
-- is missing are unknown; money is committed or let go; the approval that waits is cancelled, and one that was redeemed gets its outcome.
-- p_end: {result, error, error_code, cost_minor, budget_minor}; a cost of null is none.
create or replace function public.end_task(p_id uuid, p_event text, p_end jsonb, p_actor text, p_context jsonb) returns public.actp_tasks
language plpgsql
set search_path = ''
as $$
declare
  t public.actp_tasks;
  e public.actp_task_effects;
  s public.actp_spend_reservations;
  v_cost bigint := coalesce((p_end ->> 'cost_minor')::bigint, 0);
  v_error text := left(p_end ->> 'error', 2000);
  v_code text := p_end ->> 'error_code';
  v_unknown boolean := false;
  v_paid bigint := 0;
begin
  select * into strict t from public.actp_tasks q where q.id = p_id;
  for e in select * from public.actp_task_effects f where f.task_id = p_id order by f.place loop
    if e.state = 'reserved' then
      e := public.settle_effect(e.id, case when e.attempts = 0 then 'not_done' else 'unknown' end,
        jsonb_build_object('reason', coalesce(v_error, 'the task ended before the answer came')), t);
    end if;
    v_unknown := v_unknown or e.state = 'unknown';
    -- Money that may have been spent is rather counted than not.
    v_paid := v_paid + case when e.state in ('done', 'unknown') then e.amount_minor else 0 end;
  end loop;
  if v_unknown and p_event <> 'succeed' then
    v_code := 'effect_unknown';
    v_error := left(concat_ws(': ', 'it is not known whether it happened; an operator can say', v_error), 2000);
  end if;
  -- What understanding the prompt has cost is spent, however the task ends.
  v_cost := greatest(v_cost, v_paid + coalesce((t.plan ->> 'intent_cost_minor')::bigint, 0));

  select * into s from public.actp_spend_reservations r where r.id = p_id and r.state = 'reserved';
  if found then
    v_cost := least(v_cost, s.amount_minor);
    if v_cost > 0 then
      perform public.commit_spend(s.id, v_cost, p_context);
    else
      perform public.release_spend(s.id, p_context);
    end if;
  elsif v_cost > 0 and p_end ? 'budget_minor' then
    -- A language model has been asked, and nothing was planned: it is counted as far as the budget goes.
    if public.reserve_spend(jsonb_build_object(
      'id', t.id, 'user_id', t.user_id, 'agent', coalesce(t.agent, 'executor'), 'task_id', t.id, 'amount_minor', v_cost,
      'budget_minor', p_end -> 'budget_minor', 'ttl_seconds', 60), p_context) ->> 'result' = 'reserved'
    then
      perform public.commit_spend(t.id, v_cost, p_context);
    end if;
  else
    v_cost := 0;
  end if;

  update public.actp_tasks q
  set result = p_end -> 'result', error = v_error, error_code = v_code, cost_minor = v_cost, holder = null, held_until = null
  where q.id = p_id;
  t := public.note_task_step(p_id, p_event, p_event, jsonb_build_object('error', v_error, 'code', v_code, 'cost_minor', v_cost));
  -- An approval without an effect, which the policy wanted.
  if not exists (select from public.actp_task_effects f where f.task_id = p_id) then
    perform public.record_outcome(a.id, case p_event when 'succeed' then 'succeeded' else 'failed' end, null, public.task_context(t), false, true)
    from public.actp_approval_queue a where a.id = t.approval_id and a.redeemed_at is not null and a.outcome is null;
  end if;
  -- The next one of this user need not wait any longer.
  update public.actp_tasks q set due_at = clock_timestamp()
  where q.id = (
    select n.id from public.actp_tasks n where n.user_id = t.user_id and n.status = 'queued' and n.due_at > clock_timestamp()
    order by n.created_at limit 1 for update skip locked);
  perform public.cancel_approval(t.approval_id, public.task_context(t))
  from public.actp_approval_queue a where a.id = t.approval_id and a.status = 'pending';
  perform public.audit_task(t, 'tasks.' || case p_event
      when 'succeed' then 'succeeded' when 'fail' then 'failed' when 'reject' then 'rejected' else 'cancelled' end,
    case p_event when 'succeed' then 'ok' when 'cancel' then 'ok' when 'reject' then 'denied' else 'error' end, p_actor,
    jsonb_build_object('error', v_error, 'code', v_code, 'cost_minor', v_cost), p_context);
  if v_code in ('agent_not_allowed', 'policy_denied') then
    perform public.audit_task(t, 'security.policy_violation', 'denied', p_actor,
      jsonb_build_object('rule', case v_code when 'agent_not_allowed' then 'tools.allow' else 'policy' end, 'attempt', 'task'), p_context);
  end if;
  return t;
end;
$$;

comment on function public.end_task(uuid, text, jsonb, text, jsonb) is
  'Ends a task: settles its effects, its approval and its money, and writes the audit event.';

revoke all on function public.end_task(uuid, text, jsonb, text, jsonb) from public, anon, authenticated, service_role;
