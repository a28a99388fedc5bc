-- Newest first, after the row (p_before_at, p_before_id); p_user: null for an operator, who may see all. Put together as text, as lists of
-- approvals are; results are left out.
create or replace function public.list_tasks(
  p_user uuid, p_status text, p_before_at timestamptz, p_before_id uuid, p_limit integer
) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select ('[' || coalesce(string_agg((public.task_json(f.task) || '{"result": null}')::text, ','
    order by (f.task).created_at desc, (f.task).id desc), '') || ']')::jsonb
  from (
    select t as task from public.actp_tasks t
    where (p_user is null or t.user_id = p_user) and (p_status is null or t.status = p_status)
      and (p_before_at is null or (t.created_at, t.id) < (p_before_at, p_before_id))
    order by t.created_at desc, t.id desc
    limit p_limit
  ) f;
$$;

comment on function public.list_tasks(uuid, text, timestamptz, uuid, integer) is
  'Returns a page of tasks, newest first, without their results.';

revoke all on function public.list_tasks(uuid, text, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_tasks(uuid, text, timestamptz, uuid, integer) to actp_gateway;
