-- The only way to a yes. p_decision is 'approved' or 'rejected'; p_actor is telegram:<user id> or operator:<email>.
-- p_telegram is {update_id, chat_id, message_id} when the decision is a pressed button. p_policy is what the policy in force says,
-- as in redeem_approval: what it denies cannot be approved, only rejected, and what it asks more for needs more.
create or replace function public.decide_approval(
  p_id uuid, p_decision text, p_action_digest text, p_actor text, p_reason text, p_telegram jsonb, p_context jsonb,
  p_policy jsonb default null
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_now timestamptz;
  v_person text := public.person_of(p_actor);
  v_votes integer;
  v_refusal text;
  v_card public.actp_approval_cards;
begin
  if p_decision is null or p_decision not in ('approved', 'rejected') then
    raise exception 'a decision is approved or rejected' using errcode = 'invalid_parameter_value';
  end if;
  if p_actor is null or char_length(p_actor) > 340 or p_actor !~ '^(telegram:[0-9]{1,20}|operator:[^@ ]+@[^@ ]+)$' then
    raise exception 'only a person decides' using errcode = 'invalid_parameter_value';
  end if;

  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  perform public.hold_kill_switch();
  -- After the lock: whoever waited for it decides at the time when he got it.
  v_now := clock_timestamp();

  if p_telegram is not null then
    insert into public.actp_telegram_updates (update_id)
    values ((p_telegram ->> 'update_id')::bigint)
    on conflict do nothing;
    if not found then
      return jsonb_build_object('result', 'duplicate', 'approval', public.approval_json(a));
    end if;
    select * into v_card from public.actp_approval_cards c where c.approval_id = p_id;
    if v_card.message_id is distinct from (p_telegram ->> 'message_id')::bigint
      or v_card.chat_id is distinct from p_telegram ->> 'chat_id' then
      v_refusal := 'other_message';
    end if;
  end if;

  if v_refusal is null then
    v_refusal := case
      when not public.may_act(p_actor, p_context) then 'not_operator'
      when a.status = 'expired' then 'expired'
      when a.status <> 'pending' then 'already_decided'
      when a.expires_at <= v_now then 'expired'
      when a.action_digest is null or a.action_digest is distinct from p_action_digest then 'digest_mismatch'
      when public.asked_for_itself(a, p_actor) then 'own_request'
      when public.approval_block(a) is not null then 'kill_switch'
      when p_decision = 'approved' and jsonb_typeof(p_policy -> 'denied') = 'object' then 'policy_denied'
    end;
  end if;
  if v_refusal is not null then
    if v_refusal = 'expired' and a.status = 'pending' then
      a := public.expire_locked_approval(a);
    end if;
    perform public.audit_approval(a, 'approval.decide', 'denied', p_actor,
      jsonb_strip_nulls(jsonb_build_object(
        'decision', p_decision, 'refused', v_refusal, 'policy', public.policy_facts(v_refusal, p_policy))), p_context);
    return jsonb_build_object('result', v_refusal, 'approval', public.approval_json(a));
  end if;

  if p_decision = 'approved' then
    if coalesce((p_policy ->> 'approvers')::integer, 1) > a.approvers
      or (coalesce((p_policy ->> 'critical')::boolean, false) and not a.critical) then
      update public.actp_approval_queue q
      set approvers = greatest(q.approvers, (p_policy ->> 'approvers')::integer),
          critical = q.critical or coalesce((p_policy ->> 'critical')::boolean, false)
      where q.id = p_id
      returning q.* into a;
    end if;
    insert into public.actp_approval_votes (approval_id, actor, person, voted_at)
    select p_id, p_actor, v_person, v_now
    where not exists (
      select from public.actp_approval_votes v
      where v.approval_id = p_id and (v.person = v_person or public.person_of(v.actor) = v_person))
    on conflict do nothing;
    v_votes := public.count_votes(p_id);
    if v_votes < a.approvers then
      update public.actp_approval_queue q set version = q.version + 1 where q.id = p_id returning q.* into a;
      perform public.note_approval_event(a, 'pending');
      perform public.audit_approval(a, 'approval.vote', 'ok', p_actor,
        jsonb_build_object('votes', v_votes, 'needed', a.approvers), p_context);
      return jsonb_build_object('result', 'needs_more', 'approval', public.approval_json(a));
    end if;
  end if;

  update public.actp_approval_queue q
  set status = p_decision, decided_by = p_actor, decided_at = v_now, decision_reason = left(p_reason, 2000),
      version = q.version + 1
  where q.id = p_id and q.status = 'pending' and q.expires_at > v_now and q.action_digest = p_action_digest
  returning q.* into strict a;
  perform public.note_approval_event(a, p_decision);
  perform public.audit_approval(a, 'approval.decide', 'ok', p_actor,
    jsonb_build_object('decision', p_decision), p_context);
  return jsonb_build_object('result', 'decided', 'approval', public.approval_json(a), 'traceparent', a.traceparent);
end;
$$;

comment on function public.decide_approval(uuid, text, text, text, text, jsonb, jsonb, jsonb) is
  'Approves or rejects an approval, and records the vote, the event and the audit row in one transaction.';

revoke all on function public.decide_approval(uuid, text, text, text, text, jsonb, jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.decide_approval(uuid, text, text, text, text, jsonb, jsonb, jsonb) to actp_gateway;
