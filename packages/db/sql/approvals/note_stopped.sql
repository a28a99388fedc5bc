-- A refusal because of a switch: beside the event of the approval one that says that a policy was violated.
create or replace function public.note_stopped(
  p_agent text, p_action text, p_attempt text, p_block jsonb, p_approval_id uuid, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, approval_id, ip_address, user_agent, request_id, started_at, completed_at, source)
  values
    (left(p_agent, 128), 'security.policy_violation', 'denied',
     jsonb_build_object('rule', 'kill_switch', 'action', p_action, 'attempt', p_attempt, 'scope', p_block -> 'scope'),
     p_approval_id, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512), p_context ->> 'request_id',
     clock_timestamp(), clock_timestamp(), 'plane');
$$;

comment on function public.note_stopped(text, text, text, jsonb, uuid, jsonb) is
  'Writes the audit events of an approval operation that a kill switch has refused.';

revoke all on function public.note_stopped(text, text, text, jsonb, uuid, jsonb) from public, anon, authenticated, service_role;
