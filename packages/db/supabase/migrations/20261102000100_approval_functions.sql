-- Every change of an approval: check, change and audit row in one transaction, on the database's clock.
-- p_context is {agent_id, ip, user_agent, request_id}: who called, for the record.

-- As readers see it: overdue means expired, whether or not anybody has written that down yet.
create function public.approval_json(a public.actp_approval_queue) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', a.id,
    'status', case when a.status = 'pending' and a.expires_at <= clock_timestamp() then 'expired' else a.status end,
    'action', a.action,
    'details', a.details,
    'requested_by', a.requested_by,
    'reason', a.reason,
    'action_digest', a.action_digest,
    'policy_version', a.policy_version,
    'critical', a.critical,
    'approvers', a.approvers,
    'approvals', (select count(*) from public.actp_approval_votes v where v.approval_id = a.id),
    'expires_at', a.expires_at,
    'created_at', a.created_at,
    'decided_by', a.decided_by,
    'decided_at', a.decided_at,
    'decision_reason', a.decision_reason,
    'grant_expires_at', case when a.status = 'approved' then a.decided_at + make_interval(secs => a.grant_seconds) end,
    'redeemed_at', a.redeemed_at,
    'lapsed_at', case
      when a.lapsed_at is not null then a.lapsed_at
      when a.status = 'approved' and a.redeemed_at is null
        and a.decided_at + make_interval(secs => a.grant_seconds) <= clock_timestamp()
      then a.decided_at + make_interval(secs => a.grant_seconds) end,
    'outcome', a.outcome,
    'outcome_at', a.outcome_at,
    'version', a.version);
$$;

create function public.audit_approval(
  a public.actp_approval_queue, p_action_type text, p_status text, p_actor text, p_facts jsonb, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, approval_id, ip_address, user_agent, request_id, started_at, completed_at)
  values
    (left(p_actor, 128), p_action_type, p_status,
     jsonb_build_object('action', a.action, 'action_digest', a.action_digest, 'state', a.status) || coalesce(p_facts, '{}'),
     a.id, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512), p_context ->> 'request_id',
     clock_timestamp(), clock_timestamp());
$$;

-- Marks a change for those who wait; to be called with the row as it is after the change.
create function public.note_approval_event(a public.actp_approval_queue, p_type text) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_approval_events (approval_id, version, type) values (a.id, a.version, p_type);
$$;

-- Writes down that time is over. The row must be locked, pending and overdue.
create function public.expire_locked_approval(a public.actp_approval_queue) returns public.actp_approval_queue
language plpgsql
set search_path = ''
as $$
begin
  update public.actp_approval_queue q
  set status = 'expired', version = q.version + 1
  where q.id = a.id and q.status = 'pending'
  returning q.* into a;
  perform public.note_approval_event(a, 'expired');
  perform public.audit_approval(a, 'approval.expire', 'denied', 'plane', null, '{}');
  return a;
end;
$$;

create function public.request_approval(p_request jsonb, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_scope text := p_context ->> 'agent_id';
  v_key text := p_request ->> 'idempotency_key';
begin
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

  select * into strict a from public.actp_approval_queue
  where idempotency_scope = v_scope and idempotency_key = v_key;
  if a.request_digest is distinct from p_request ->> 'request_digest' then
    return jsonb_build_object('result', 'idempotency_mismatch');
  end if;
  return jsonb_build_object('result', 'known', 'approval', public.approval_json(a));
end;
$$;

-- Takes up a row that another program inserted: from now on it can be shown and decided.
create function public.adopt_approval(
  p_id uuid, p_action_digest text, p_payload_digest text, p_policy_version text, p_ttl_seconds integer,
  p_grant_seconds integer, p_critical boolean, p_approvers integer
) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
begin
  update public.actp_approval_queue q
  set action_digest = p_action_digest, payload_digest = p_payload_digest, policy_version = p_policy_version,
      expires_at = least(q.expires_at, q.created_at + make_interval(secs => p_ttl_seconds)),
      grant_seconds = p_grant_seconds, critical = p_critical, approvers = p_approvers
  where q.id = p_id and q.status = 'pending' and q.action_digest is null
  returning q.* into a;
  if not found then
    return false;
  end if;
  perform public.note_approval_event(a, 'pending');
  perform public.audit_approval(a, 'approval.request', 'ok', a.requested_by,
    jsonb_build_object('requested_by', a.requested_by, 'expires_at', a.expires_at, 'inserted_directly', true), '{}');
  return true;
end;
$$;

-- The only way to a yes. p_decision is 'approved' or 'rejected'; p_actor is telegram:<user id> or operator:<email>.
-- p_telegram is {update_id, chat_id, message_id} when the decision is a pressed button.
create function public.decide_approval(
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
create function public.redeem_approval(p_id uuid, p_payload_digest text, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_now timestamptz;
  v_refusal text;
  v_agent text := coalesce(p_context ->> 'agent_id', 'worker');
begin
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  v_now := clock_timestamp();
  v_refusal := case
    when a.payload_digest is null or a.payload_digest is distinct from p_payload_digest then 'digest_mismatch'
    when a.status = 'expired' or (a.status = 'pending' and a.expires_at <= v_now) then 'expired'
    when a.status <> 'approved' then 'not_approved'
    when a.redeemed_at is not null then 'already_redeemed'
    when a.lapsed_at is not null or a.decided_at + make_interval(secs => a.grant_seconds) <= v_now then 'lapsed'
  end;
  if v_refusal is not null then
    perform public.audit_approval(a, 'approval.redeem', 'denied', v_agent,
      jsonb_build_object('refused', v_refusal), p_context);
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

-- What became of the action. The same report again is the same answer.
create function public.record_outcome(p_id uuid, p_outcome text, p_result jsonb, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_agent text := coalesce(p_context ->> 'agent_id', 'worker');
begin
  if p_outcome is null or p_outcome not in ('succeeded', 'failed') then
    raise exception 'an outcome is succeeded or failed' using errcode = 'invalid_parameter_value';
  end if;
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if a.redeemed_at is null then
    return jsonb_build_object('result', 'not_redeemed', 'approval', public.approval_json(a));
  end if;
  if a.outcome is not null then
    return jsonb_build_object(
      'result', case when a.outcome = p_outcome then 'recorded' else 'already_recorded' end,
      'approval', public.approval_json(a));
  end if;
  update public.actp_approval_queue q
  set outcome = p_outcome, outcome_at = clock_timestamp(), outcome_result = p_result, version = q.version + 1
  where q.id = p_id
  returning q.* into strict a;
  perform public.note_approval_event(a, p_outcome);
  perform public.audit_approval(a, 'approval.outcome', case when p_outcome = 'succeeded' then 'ok' else 'error' end,
    v_agent, jsonb_build_object('outcome', p_outcome, 'result', p_result), p_context);
  return jsonb_build_object('result', 'recorded', 'approval', public.approval_json(a));
end;
$$;

create function public.cancel_approval(p_id uuid, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_agent text := coalesce(p_context ->> 'agent_id', 'worker');
begin
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if a.status = 'pending' and a.expires_at <= clock_timestamp() then
    a := public.expire_locked_approval(a);
  end if;
  if a.status <> 'pending' then
    return jsonb_build_object(
      'result', case a.status when 'cancelled' then 'cancelled' when 'expired' then 'expired' else 'already_decided' end,
      'approval', public.approval_json(a));
  end if;
  update public.actp_approval_queue q
  set status = 'cancelled', version = q.version + 1
  where q.id = p_id and q.status = 'pending'
  returning q.* into strict a;
  perform public.note_approval_event(a, 'cancelled');
  perform public.audit_approval(a, 'approval.cancel', 'ok', v_agent, null, p_context);
  return jsonb_build_object('result', 'cancelled', 'approval', public.approval_json(a));
end;
$$;

-- Writes down what time has done: overdue requests expire, unused permissions lapse, and what was redeemed and never
-- reported within p_unknown_after_seconds is unknown. Gives the ids that changed. Nothing depends on this being on time.
create function public.expire_approvals(p_limit integer, p_unknown_after_seconds integer) returns setof uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
begin
  for a in
    select * from public.actp_approval_queue q
    where q.status = 'pending' and q.expires_at <= clock_timestamp()
    order by q.expires_at limit p_limit for update skip locked
  loop
    perform public.expire_locked_approval(a);
    return next a.id;
  end loop;

  for a in
    select * from public.actp_approval_queue q
    where q.status = 'approved' and q.redeemed_at is null and q.lapsed_at is null
      and q.decided_at + make_interval(secs => q.grant_seconds) <= clock_timestamp()
    order by q.decided_at limit p_limit for update skip locked
  loop
    update public.actp_approval_queue q
    set lapsed_at = q.decided_at + make_interval(secs => q.grant_seconds), version = q.version + 1
    where q.id = a.id
    returning q.* into a;
    perform public.note_approval_event(a, 'lapsed');
    perform public.audit_approval(a, 'approval.lapse', 'denied', 'plane', null, '{}');
    return next a.id;
  end loop;

  for a in
    select * from public.actp_approval_queue q
    where q.redeemed_at is not null and q.outcome is null
      and q.redeemed_at + make_interval(secs => p_unknown_after_seconds) <= clock_timestamp()
    order by q.redeemed_at limit p_limit for update skip locked
  loop
    update public.actp_approval_queue q
    set outcome = 'unknown', outcome_at = clock_timestamp(), version = q.version + 1
    where q.id = a.id
    returning q.* into a;
    perform public.note_approval_event(a, 'unknown');
    perform public.audit_approval(a, 'approval.outcome', 'error', 'plane', jsonb_build_object('outcome', 'unknown'), '{}');
    return next a.id;
  end loop;
end;
$$;

create function public.read_approval(p_id uuid) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select public.approval_json(a) from public.actp_approval_queue a where a.id = p_id;
$$;

-- Newest first, after the row (p_before_at, p_before_id); p_status as readers see it.
create function public.list_approvals(p_status text, p_before_at timestamptz, p_before_id uuid, p_limit integer)
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(public.approval_json(page) order by page.created_at desc, page.id desc), '[]')
  from (
    select a.* from public.actp_approval_queue a
    where (p_before_at is null or (a.created_at, a.id) < (p_before_at, p_before_id))
      and (p_status is null
        or (p_status = 'pending' and a.status = 'pending' and a.expires_at > clock_timestamp())
        or (p_status = 'expired' and (a.status = 'expired' or (a.status = 'pending' and a.expires_at <= clock_timestamp())))
        or (p_status in ('approved', 'rejected', 'cancelled') and a.status = p_status))
    order by a.created_at desc, a.id desc
    limit p_limit
  ) page;
$$;

-- The state of many approvals in one question, for all who wait in one process.
create function public.approval_versions(p_ids uuid[]) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(a.id, case
    -- An overdue row counts as changed before anybody has written it down.
    when a.status = 'pending' and a.expires_at <= clock_timestamp() then a.version + 1 else a.version end), '{}')
  from public.actp_approval_queue a
  where a.id = any (p_ids);
$$;

create function public.approval_events(p_id uuid, p_after_version integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('version', e.version, 'type', e.type, 'at', e.at) order by e.version), '[]')
  from public.actp_approval_events e
  where e.approval_id = p_id and e.version > p_after_version;
$$;
