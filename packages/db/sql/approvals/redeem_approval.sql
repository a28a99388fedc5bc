-- Hands the permission out, once, for exactly the payload that was approved.
-- p_policy is what the policy in force says of it: {version, denied: null or {rule, reasons}, critical, approvers,
-- max_cost_usd?}. What became
-- stricter since the approval wins.
create or replace function public.redeem_approval(
  p_id uuid, p_payload_digest text, p_context jsonb, p_limits jsonb default null, p_policy jsonb default null
) returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
  v_now timestamptz;
  v_refusal text;
  v_block jsonb;
  v_grant_id uuid := gen_random_uuid();
  v_agent text := coalesce(p_context ->> 'agent_id', 'worker');
begin
  select * into a from public.actp_approval_queue q where q.id = p_id for update;
  if not found then
    return jsonb_build_object('result', 'not_found');
  end if;
  if p_context ->> 'source' is distinct from 'plane' and (public.approval_asker(a) <> v_agent or a.source = 'plane') then
    return jsonb_build_object('result', 'other_agent');
  end if;
  perform public.hold_kill_switch();
  v_now := clock_timestamp();
  v_block := coalesce(public.actp_kill_switch_blocks(v_agent, a.action), public.approval_block(a));
  v_refusal := case
    when a.payload_digest is null or a.payload_digest is distinct from p_payload_digest then 'digest_mismatch'
    when a.status = 'expired' or (a.status = 'pending' and a.expires_at <= v_now) then 'expired'
    when a.status <> 'approved' then 'not_approved'
    when a.redeemed_at is not null then 'already_redeemed'
    when a.lapsed_at is not null or a.decided_at + make_interval(secs => a.grant_seconds) <= v_now then 'lapsed'
    when v_block is not null then 'kill_switch'
    else public.policy_refusal(a, p_policy)
  end;
  if v_refusal is null and jsonb_array_length(coalesce(p_limits, '[]')) > 0 then
    if public.take_limits(v_grant_id, v_agent, a.action, a.id, p_limits) ->> 'result' = 'over' then
      v_refusal := 'limit_reached';
    end if;
  end if;
  if v_refusal is not null then
    perform public.audit_approval(a, 'approval.redeem', 'denied', v_agent,
      jsonb_strip_nulls(jsonb_build_object('refused', v_refusal, 'policy', public.policy_facts(v_refusal, p_policy))), p_context);
    if v_refusal in ('kill_switch', 'limit_reached', 'policy_denied', 'policy_stricter', 'spend_limit') then
      perform public.note_violation(
        case when v_refusal = 'policy_denied' then coalesce(p_policy #>> '{denied,rule}', v_refusal) else v_refusal end, v_agent, a.action, 'approval.redeem', v_block, a.id, p_context);
    end if;
    return jsonb_build_object('result', v_refusal, 'approval', public.approval_json(a));
  end if;

  update public.actp_approval_queue q
  set grant_id = v_grant_id, redeemed_at = v_now, redeemed_by = v_agent, version = q.version + 1
  where q.id = p_id and q.status = 'approved' and q.redeemed_at is null and q.lapsed_at is null
  returning q.* into strict a;
  perform public.note_approval_event(a, 'redeemed');
  perform public.audit_approval(a, 'approval.redeem', 'ok', v_agent, jsonb_build_object('grant_id', a.grant_id), p_context);
  return jsonb_build_object('result', 'redeemed', 'grant_id', a.grant_id, 'redeemed_at', a.redeemed_at);
end;
$$;

comment on function public.redeem_approval(uuid, text, jsonb, jsonb, jsonb) is
  'Issues the single grant of an approved request, if the payload digest matches and no limit denies it.';

revoke all on function public.redeem_approval(uuid, text, jsonb, jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.redeem_approval(uuid, text, jsonb, jsonb, jsonb) to actp_gateway, actp_executor;
