create or replace function public.audit_spend(
  r public.actp_spend_reservations, p_action_type text, p_status text, p_facts jsonb, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, task_id, ip_address, user_agent, request_id, started_at, completed_at, source)
  values
    (r.agent, p_action_type, p_status,
     jsonb_build_object('reservation', r.id, 'user_id', r.user_id, 'day', r.day, 'amount_minor', r.amount_minor)
       || coalesce(p_facts, '{}'),
     r.task_id, (p_context ->> 'ip')::inet, left(p_context ->> 'user_agent', 512), p_context ->> 'request_id',
     clock_timestamp(), clock_timestamp(), 'plane');
$$;

comment on function public.audit_spend(public.actp_spend_reservations, text, text, jsonb, jsonb) is
  'Writes an audit event about a spend reservation.';

revoke all on function public.audit_spend(public.actp_spend_reservations, text, text, jsonb, jsonb) from public, anon, authenticated, service_role;
