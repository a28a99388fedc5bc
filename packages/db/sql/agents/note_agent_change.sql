-- Every change of an agent ends here: gateways see that their list is old, and the audit log says who did it. Updating the one
-- row also puts changes in an order, so that none of them can be missed.
create or replace function public.note_agent_change(
  p_action_type text, p_actor text, p_facts jsonb, p_context jsonb
) returns void
language sql
set search_path = ''
as $$
  update actp_access.agent_list set version = gen_random_uuid();
  select public.audit_change(p_action_type, 'ok', p_actor, p_facts, p_context);
$$;

comment on function public.note_agent_change(text, text, jsonb, jsonb) is
  'Marks the list of agents as changed, and writes the audit event of the change.';

revoke all on function public.note_agent_change(text, text, jsonb, jsonb) from public, anon, authenticated, service_role;
