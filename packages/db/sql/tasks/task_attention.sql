-- What people may have to look at: tasks that are not over, by status, and effects of which nobody knows whether they happened.
create or replace function public.task_attention(p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'now', clock_timestamp(),
    'open', coalesce((
      select jsonb_agg(jsonb_build_object('status', s.status, 'tasks', s.tasks, 'since', s.since) order by s.status)
      from (
        select t.status, count(*) as tasks, min(t.created_at) as since
        from public.actp_tasks t where t.ended_at is null group by t.status
      ) s), '[]'),
    'unknown', (select count(*) from public.actp_task_effects e where e.state = 'unknown'),
    'effects', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', u.id, 'task_id', u.task_id, 'kind', u.kind, 'reason', u.reason, 'since', u.reserved_at) order by u.reserved_at)
      from (
        select e.* from public.actp_task_effects e where e.state = 'unknown' order by e.reserved_at limit p_limit
      ) u), '[]'));
$$;

comment on function public.task_attention(integer) is
  'Returns the number of open tasks by status, and the effects that nobody knows of.';

revoke all on function public.task_attention(integer) from public, anon, authenticated, service_role;
grant execute on function public.task_attention(integer) to actp_bot;
