-- Approvals under a kill switch: nobody asks anew, decides or redeems; time goes on. Each function below is as before but
-- for what says kill_switch.

-- A refusal because of a switch: beside the event of the approval one that says that a policy was violated.
create function public.note_stopped(
  p_agent text, p_action text, p_attempt text, p_block jsonb, p_approval_id uuid, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, approval_id, ip_address, user_agent, request_id, started_at, completed_at)
  values
    (left(p_agent, 128), 'security.policy_violation', 'denied',
     jsonb_build_object('rule', 'kill_switch', 'action', p_action, 'attempt', p_attempt, 'scope', p_block -> 'scope'),
     p_approval_id, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512), p_context ->> 'request_id',
     clock_timestamp(), clock_timestamp());
$$;

create or replace function public.request_approval(p_request jsonb, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_scope text := p_context ->> 'agent_id';
  v_key text := p_request ->> 'idempotency_key';
  v_block jsonb := coalesce(
    public.actp_kill_switch_blocks(v_scope, p_request ->> 'action'),
    public.actp_kill_switch_blocks(p_request ->> 'requested_by', p_request ->> 'action'));
begin
  if v_block is null then
    insert into public.actp_approval_queue
      (action, details, requested_by, reason, expires_at, chat_id, callback_url, critical, approvers, grant_seconds,
       action_digest, payload_digest, policy_version, idempotency_scope, idempotency_key, request_digest)
    values
      (p_request ->> 'action', p_request -> 'details', p_request ->> 'requested_by', p_request ->> 'reason',
       clock_timestamp() + make_interval(secs => (p_request ->> 'ttl_seconds')::integer),
       p_request ->> 'chat_id', p_request ->> 'callback_url',
       coalesce((p_request ->> 'critical')::boolean, false), coalesce((p_request ->> 'approvers')::integer, 1),
       (p_request ->> 'grant_seconds')::integer,
       p_request ->> 'action_digest', p_request ->> 'payload_digest', p_request ->> 'policy_version',
       case when v_key is not null then v_scope end, v_key, p_request ->> 'request_digest')
    on conflict (idempotency_scope, idempotency_key) where idempotency_key is not null do nothing
    returning * into a;

    if found then
      perform public.note_approval_event(a, 'pending');
      perform public.audit_approval(a, 'approval.request', 'ok', v_scope,
        jsonb_build_object('requested_by', a.requested_by, 'expires_at', a.expires_at), p_context);
      return jsonb_build_object('result', 'created', 'approval', public.approval_json(a));
    end if;
  end if;

  -- The answer to a retry is the answer to the first call, also while it is stopped.
  select * into a from public.actp_approval_queue
  where idempotency_scope = v_scope and idempotency_key = v_key;
  if not found and v_block is not null then
    perform public.note_stopped(v_scope, p_request ->> 'action', 'approval.request', v_block, null, p_context);
    return jsonb_build_object('result', 'kill_switch');
  end if;
  if a.request_digest is distinct from p_request ->> 'request_digest' then
    return jsonb_build_object('result', 'idempotency_mismatch');
  end if;
  return jsonb_build_object('result', 'known', 'approval', public.approval_json(a));
end;
$$;

-- The only way to a yes. p_decision is 'approved' or 'rejected'; p_actor is telegram:<user id> or operator:<email>.
-- p_telegram is {update_id, chat_id, message_id} when the decision is a pressed button.
create or replace function public.decide_approval(
  p_id uuid, p_decision text, p_action_digest text, p_actor text, p_reason text, p_telegram jsonb, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_now timestamptz;
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
      when a.status = 'expired' then 'expired'
      when a.status <> 'pending' then 'already_decided'
      when a.expires_at <= v_now then 'expired'
      when a.action_digest is null or a.action_digest is distinct from p_action_digest then 'digest_mismatch'
      when p_actor = a.requested_by then 'own_request'
      when public.actp_kill_switch_blocks(a.requested_by, a.action) is not null then 'kill_switch'
    end;
  end if;
  if v_refusal is not null then
    if v_refusal = 'expired' and a.status = 'pending' then
      a := public.expire_locked_approval(a);
    end if;
    perform public.audit_approval(a, 'approval.decide', 'denied', p_actor,
      jsonb_build_object('decision', p_decision, 'refused', v_refusal), p_context);
    return jsonb_build_object('result', v_refusal, 'approval', public.approval_json(a));
  end if;

  if p_decision = 'approved' then
    insert into public.actp_approval_votes (approval_id, actor, voted_at) values (p_id, p_actor, v_now)
    on conflict do nothing;
    select count(*) into v_votes from public.actp_approval_votes v where v.approval_id = p_id;
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
  return jsonb_build_object('result', 'decided', 'approval', public.approval_json(a));
end;
$$;

-- Hands the permission out, once, for exactly the payload that was approved.
create or replace function public.redeem_approval(p_id uuid, p_payload_digest text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_now timestamptz;
  v_refusal text;
  v_block jsonb;
  v_agent text := coalesce(p_context ->> 'agent_id', 'worker');
begin
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  perform public.hold_kill_switch();
  v_now := clock_timestamp();
  v_block := coalesce(
    public.actp_kill_switch_blocks(v_agent, a.action), public.actp_kill_switch_blocks(a.requested_by, a.action));
  v_refusal := case
    when a.payload_digest is null or a.payload_digest is distinct from p_payload_digest then 'digest_mismatch'
    when a.status = 'expired' or (a.status = 'pending' and a.expires_at <= v_now) then 'expired'
    when a.status <> 'approved' then 'not_approved'
    when a.redeemed_at is not null then 'already_redeemed'
    when a.lapsed_at is not null or a.decided_at + make_interval(secs => a.grant_seconds) <= v_now then 'lapsed'
    when v_block is not null then 'kill_switch'
  end;
  if v_refusal is not null then
    perform public.audit_approval(a, 'approval.redeem', 'denied', v_agent,
      jsonb_build_object('refused', v_refusal), p_context);
    if v_refusal = 'kill_switch' then
      perform public.note_stopped(v_agent, a.action, 'approval.redeem', v_block, a.id, p_context);
    end if;
    return jsonb_build_object('result', v_refusal, 'approval', public.approval_json(a));
  end if;

  update public.actp_approval_queue q
  set grant_id = gen_random_uuid(), redeemed_at = v_now, redeemed_by = v_agent, version = q.version + 1
  where q.id = p_id and q.status = 'approved' and q.redeemed_at is null and q.lapsed_at is null
  returning q.* into strict a;
  perform public.note_approval_event(a, 'redeemed');
  perform public.audit_approval(a, 'approval.redeem', 'ok', v_agent, jsonb_build_object('grant_id', a.grant_id), p_context);
  return jsonb_build_object('result', 'redeemed', 'grant_id', a.grant_id, 'redeemed_at', a.redeemed_at);
end;
$$;

-- A pressed button. p_confirmed says that it was the second button of a critical approval. The answer is that of
-- decide_approval, or {result: confirm | confirm_expired | not_yours}: then nothing is decided.
create or replace function public.press_approval(
  p_id uuid, p_decision text, p_confirmed boolean, p_action_digest text, p_actor text, p_telegram jsonb, p_context jsonb
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_now timestamptz;
  v_first timestamptz;
  v_refusal text;
begin
  if p_actor is null or p_actor !~ '^telegram:[0-9]{1,20}$' or p_telegram is null then
    raise exception 'only a person presses, and only in Telegram' using errcode = 'invalid_parameter_value';
  end if;
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  v_now := clock_timestamp();

  -- Only a yes to something critical that could count takes two presses; all else is decide_approval's to take or refuse.
  if not found or p_decision is distinct from 'approved' or not a.critical
    or a.status <> 'pending' or a.expires_at <= v_now
    or a.action_digest is distinct from p_action_digest or p_actor = a.requested_by
    or public.actp_kill_switch_blocks(a.requested_by, a.action) is not null
    or not exists (
      select from public.actp_approval_cards c
      where c.approval_id = p_id and c.message_id = (p_telegram ->> 'message_id')::bigint
        and c.chat_id = p_telegram ->> 'chat_id')
  then
    return public.decide_approval(p_id, p_decision, p_action_digest, p_actor, null, p_telegram, p_context);
  end if;

  select f.pressed_at into v_first
  from public.actp_approval_first_presses f where f.approval_id = p_id and f.actor = p_actor;
  if p_confirmed and v_first >= v_now - interval '60 seconds' then
    delete from public.actp_approval_first_presses f where f.approval_id = p_id and f.actor = p_actor;
    return public.decide_approval(p_id, p_decision, p_action_digest, p_actor, null, p_telegram, p_context);
  end if;

  insert into public.actp_telegram_updates (update_id)
  values ((p_telegram ->> 'update_id')::bigint)
  on conflict do nothing;
  if not found then
    return jsonb_build_object('result', 'duplicate', 'approval', public.approval_json(a));
  end if;

  if p_confirmed then
    v_refusal := case
      when v_first is null and exists (
        select from public.actp_approval_first_presses f
        where f.approval_id = p_id and f.pressed_at >= v_now - interval '60 seconds')
      then 'not_yours' else 'confirm_expired' end;
    perform public.audit_approval(a, 'approval.decide', 'denied', p_actor,
      jsonb_build_object('decision', p_decision, 'refused', v_refusal), p_context);
    return jsonb_build_object('result', v_refusal, 'approval', public.approval_json(a));
  end if;

  insert into public.actp_approval_first_presses as f (approval_id, actor, pressed_at)
  values (p_id, p_actor, v_now)
  on conflict (approval_id, actor) do update set pressed_at = excluded.pressed_at;
  perform public.audit_approval(a, 'approval.press', 'ok', p_actor,
    jsonb_build_object('decision', p_decision, 'confirmed', false), p_context);
  return jsonb_build_object('result', 'confirm', 'approval', public.approval_json(a));
end;
$$;
