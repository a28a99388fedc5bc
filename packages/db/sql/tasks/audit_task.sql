create or replace function public.audit_task(
  t public.actp_tasks, p_action_type text, p_status text, p_actor text, p_facts jsonb, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, error, task_id, approval_id, ip_address, user_agent, request_id, started_at,
     completed_at, source)
  values
    (left(p_actor, 128), p_action_type, p_status,
     jsonb_build_object('state', t.status) || jsonb_strip_nulls(coalesce(p_facts, '{}') - 'error'), p_facts ->> 'error',
     t.id, t.approval_id, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512), p_context ->> 'request_id',
     clock_timestamp(), clock_timestamp(), 'plane');
$$;

comment on function public.audit_task(public.actp_tasks, text, text, text, jsonb, jsonb) is
  'Writes the audit event of a task.';

revoke all on function public.audit_task(public.actp_tasks, text, text, text, jsonb, jsonb) from public, anon, authenticated, service_role;
