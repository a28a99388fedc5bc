-- p_request.denied is {rule, reasons} when the policy in force denies it: then nobody is asked.
create or replace function public.request_approval(p_request jsonb, p_context jsonb) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_scope text := p_context ->> 'agent_id';
  v_key text := p_request ->> 'idempotency_key';
  v_denied jsonb := case when jsonb_typeof(p_request -> 'denied') = 'object' then p_request -> 'denied' end;
  g public.actp_limit_grants;
  v_block jsonb := coalesce(
    public.actp_kill_switch_blocks(v_scope, p_request ->> 'action'),
    public.actp_kill_switch_blocks(p_request ->> 'requested_by', p_request ->> 'action'));
begin
  if v_key is not null then
    perform public.hold_work(v_scope, v_key);
    select * into g from public.actp_limit_grants l where l.agent = v_scope and l.idempotency_key = v_key;
    if found then
      if g.request_digest is distinct from p_request ->> 'request_digest' then
        return jsonb_build_object('result', 'idempotency_mismatch');
      end if;
      return jsonb_build_object('result', 'allowed_before', 'grant_id', g.id, 'outcome', g.outcome);
    end if;
  end if;

  if v_block is null and v_denied is null then
    insert into public.actp_approval_queue
      (action, details, requested_by, reason, expires_at, chat_id, callback_url, critical, approvers, grant_seconds,
       action_digest, payload_digest, policy_version, cost_usd, idempotency_scope, idempotency_key, request_digest,
       asked_by, source, details_order)
    values
      (p_request ->> 'action', p_request -> 'details', p_request ->> 'requested_by', p_request ->> 'reason',
       clock_timestamp() + make_interval(secs => (p_request ->> 'ttl_seconds')::integer),
       p_request ->> 'chat_id', p_request ->> 'callback_url',
       coalesce((p_request ->> 'critical')::boolean, false), coalesce((p_request ->> 'approvers')::integer, 1),
       (p_request ->> 'grant_seconds')::integer,
       p_request ->> 'action_digest', p_request ->> 'payload_digest', p_request ->> 'policy_version',
       (p_request ->> 'cost_usd')::double precision,
       case when v_key is not null then v_scope end, v_key, p_request ->> 'request_digest',
       v_scope, coalesce(p_context ->> 'source', 'http'), p_request ->> 'details_order')
    on conflict (idempotency_scope, idempotency_key) where idempotency_key is not null do nothing
    returning * into a;

    if found then
      perform public.note_approval_event(a, 'pending');
      perform public.audit_approval(a, 'approval.request', 'ok', v_scope,
        jsonb_build_object('requested_by', a.requested_by, 'expires_at', a.expires_at), p_context);
      return jsonb_build_object('result', 'created', 'approval', public.approval_json(a));
    end if;
  end if;

  -- The answer to a retry is the answer to the first call, also while it is stopped or denied: what it gives is no permission.
  select * into a from public.actp_approval_queue
  where idempotency_scope = v_scope and idempotency_key = v_key;
  if a.id is null and v_block is not null then
    perform public.note_stopped(v_scope, p_request ->> 'action', 'approval.request', v_block, null, p_context);
    return jsonb_build_object('result', 'kill_switch');
  end if;
  if a.id is null then
    perform public.note_violation(
      v_denied ->> 'rule', v_scope, p_request ->> 'action', 'approval.request', null, null, p_context);
    return jsonb_build_object('result', 'policy_denied');
  end if;
  if coalesce(a.request_digest = p_request ->> 'earlier_request_digest', false) then
    return jsonb_build_object('result', 'known', 'approval', public.approval_json(a));
  end if;
  if a.request_digest is distinct from p_request ->> 'request_digest' then
    return jsonb_build_object('result', 'idempotency_mismatch');
  end if;
  return jsonb_build_object('result', 'known', 'approval', public.approval_json(a));
end;
$$;

comment on function public.request_approval(jsonb, jsonb) is
  'Creates an approval request. The same idempotency key and body return the existing approval.';

revoke all on function public.request_approval(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.request_approval(jsonb, jsonb) to actp_gateway, actp_runner, actp_executor;
