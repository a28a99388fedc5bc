-- As readers see it: overdue means expired, whether or not anybody has written that down yet.
create or replace function public.approval_json(a public.actp_approval_queue) returns jsonb
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
    'agent_id', public.approval_asker(a),
    'source', a.source,
    'reason', a.reason,
    'action_digest', a.action_digest,
    'policy_version', a.policy_version,
    'cost_usd', a.cost_usd,
    'critical', a.critical,
    'approvers', a.approvers,
    'approvals', case
      when a.approvers > 1 then public.count_votes(a.id)
      else (select count(*) from public.actp_approval_votes v where v.approval_id = a.id) end,
    'expires_at', a.expires_at,
    'created_at', a.created_at,
    'decided_by', a.decided_by,
    'decided_by_name', case when a.decided_by is not null then public.actor_name(a.decided_by) end,
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

comment on function public.approval_json(public.actp_approval_queue) is
  'Converts an approval to the JSON that callers get. An overdue approval is shown as expired.';

revoke all on function public.approval_json(public.actp_approval_queue) from public, anon, authenticated, service_role;
