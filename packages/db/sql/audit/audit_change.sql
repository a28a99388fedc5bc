-- The row of a change that is about none of the log's own columns (task, approval), in the transaction of that change.
create or replace function public.audit_change(
  p_action_type text, p_status text, p_actor text, p_facts jsonb, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, ip_address, user_agent, request_id, started_at, completed_at, source)
  values
    (left(p_actor, 128), p_action_type, p_status, p_facts, (p_context ->> 'ip')::inet,
     left(p_context ->> 'user_agent', 512), p_context ->> 'request_id', clock_timestamp(), clock_timestamp(), 'plane');
$$;

comment on function public.audit_change(text, text, text, jsonb, jsonb) is
  'Writes the audit event of a change that the plane itself makes.';

revoke all on function public.audit_change(text, text, text, jsonb, jsonb) from public, anon, authenticated, service_role;
