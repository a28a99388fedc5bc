-- What the plane does for a task is recorded with where the task came from.
create or replace function public.task_context(t public.actp_tasks) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'task_id', t.id, 'agent_id', coalesce(t.agent, 'executor'), 'source', 'plane', 'ip', host(t.ip_address),
    'user_agent', t.user_agent, 'request_id', t.request_id);
$$;

comment on function public.task_context(public.actp_tasks) is
  'Returns the context with which the plane acts for a task: its agent, and where the task came from.';

revoke all on function public.task_context(public.actp_tasks) from public, anon, authenticated, service_role;
