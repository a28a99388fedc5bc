create or replace function public.task_versions(p_ids uuid[]) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(t.id, t.version), '{}') from public.actp_tasks t where t.id = any (p_ids);
$$;

comment on function public.task_versions(uuid[]) is
  'Returns the current version of several tasks.';

revoke all on function public.task_versions(uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.task_versions(uuid[]) to actp_gateway;
