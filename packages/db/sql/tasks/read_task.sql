-- p_user: null for an operator, who may see all.
create or replace function public.read_task(p_id uuid, p_user uuid) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select public.task_json(t) || jsonb_build_object('steps', (
    select coalesce(jsonb_agg(jsonb_build_object('version', s.version, 'name', s.name, 'status', s.status, 'facts', s.facts, 'at', s.at)
      order by s.version), '[]')
    from public.actp_task_steps s where s.task_id = t.id))
  from public.actp_tasks t
  where t.id = p_id and (p_user is null or t.user_id = p_user);
$$;

comment on function public.read_task(uuid, uuid) is
  'Returns a task with its steps, or null.';

revoke all on function public.read_task(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_task(uuid, uuid) to actp_gateway;
