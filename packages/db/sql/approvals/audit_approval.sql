create or replace function public.audit_approval(
  a public.actp_approval_queue, p_action_type text, p_status text, p_actor text, p_facts jsonb, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, task_id, approval_id, ip_address, user_agent, request_id, started_at, completed_at, source)
  values
    (left(p_actor, 128), p_action_type, p_status,
     jsonb_build_object('action', a.action, 'action_digest', a.action_digest, 'state', a.status) || coalesce(p_facts, '{}')
       || jsonb_strip_nulls(jsonb_build_object('name', public.person_name(p_actor))),
     coalesce((p_context ->> 'task_id')::uuid, (select t.id from public.actp_tasks t where t.approval_id = a.id limit 1)),
     a.id, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512), p_context ->> 'request_id',
     clock_timestamp(), clock_timestamp(), 'plane');
$$;

comment on function public.audit_approval(public.actp_approval_queue, text, text, text, jsonb, jsonb) is
  'Writes the audit event of a change or of a refused change of an approval.';

revoke all on function public.audit_approval(public.actp_approval_queue, text, text, text, jsonb, jsonb) from public, anon, authenticated, service_role;
