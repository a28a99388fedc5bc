-- A refusal that says that a policy was violated, beside the event of the approval.
create or replace function public.note_violation(
  p_rule text, p_agent text, p_action text, p_attempt text, p_block jsonb, p_approval_id uuid, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, approval_id, ip_address, user_agent, request_id, started_at, completed_at, source)
  values
    (left(p_agent, 128), 'security.policy_violation', 'denied',
     jsonb_strip_nulls(jsonb_build_object(
       'rule', p_rule, 'action', p_action, 'attempt', p_attempt, 'scope', p_block -> 'scope')),
     p_approval_id, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512), p_context ->> 'request_id',
     clock_timestamp(), clock_timestamp(), 'plane');
$$;

comment on function public.note_violation(text, text, text, text, jsonb, uuid, jsonb) is
  'Writes a policy violation to the audit log beside the event of the approval.';

revoke all on function public.note_violation(text, text, text, text, jsonb, uuid, jsonb) from public, anon, authenticated, service_role;
