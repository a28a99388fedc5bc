-- A step that changes nothing else; false when the task is lost. p_tool: an agent has used a tool, which the audit log is to have.
create or replace function public.add_task_step(
  p_id uuid, p_holder text, p_name text, p_facts jsonb, p_tool boolean
) returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.actp_tasks := public.held_task(p_id, p_holder);
begin
  if t.id is null then
    return false;
  end if;
  t := public.note_task_step(p_id, null, left(p_name, 64), p_facts);
  if p_tool then
    perform public.audit_task(t, 'tasks.tool.' || left(p_name, 64), 'ok', coalesce(t.agent, 'executor'), p_facts, public.task_context(t));
  end if;
  return true;
end;
$$;

comment on function public.add_task_step(uuid, text, text, jsonb, boolean) is
  'Appends a step of an agent to a task, with its audit event.';

revoke all on function public.add_task_step(uuid, text, text, jsonb, boolean) from public, anon, authenticated, service_role;
grant execute on function public.add_task_step(uuid, text, text, jsonb, boolean) to actp_executor;
