create or replace function public.audit_heal(h public.actp_heals, p_action_type text, p_status text, p_facts jsonb) returns void
language sql
set search_path = ''
as $$
  insert into public.actp_agent_audit_log
    (agent_id, action_type, status, result, error, approval_id, started_at, completed_at, source)
  values ('self-heal', p_action_type, p_status,
    jsonb_build_object('run_id', h.run_id, 'heal_id', h.id, 'suite', h.suite, 'step', h.step, 'state', h.state,
      'asked_by', h.asked_by) || coalesce(p_facts, '{}'),
    case when p_status in ('error', 'denied') then h.reason end, (h.facts ->> 'approval_id')::uuid,
    h.created_at, clock_timestamp(), 'plane');
$$;

comment on function public.audit_heal(public.actp_heals, text, text, jsonb) is
  'Writes an audit event about a heal.';

revoke all on function public.audit_heal(public.actp_heals, text, text, jsonb) from public, anon, authenticated, service_role;
