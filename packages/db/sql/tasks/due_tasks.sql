-- What somebody has to look at now: new ones whose job got lost, ones whose executor died, delays that are over, decisions that came.
-- Each is named again only after p_again_seconds: the job that is made of it needs its time.
create or replace function public.due_tasks(p_limit integer, p_again_seconds integer) returns setof uuid
language sql
security definer
set search_path = ''
as $$
  update public.actp_tasks q
  set due_at = clock_timestamp() + make_interval(secs => p_again_seconds)
  from (
    select d.id from (
      (select t.id from public.actp_tasks t
       where t.ended_at is null and t.due_at <= clock_timestamp() and (t.held_until is null or t.held_until <= clock_timestamp())
       order by t.due_at limit p_limit)
      union
      (select t.id from public.actp_tasks t join public.actp_approval_queue a on a.id = t.approval_id
       where t.status = 'awaiting_approval' and a.status <> 'pending'
         and t.due_at >= a.expires_at
       limit p_limit)
    ) d
  ) due
  where q.id = due.id and q.ended_at is null
  returning q.id;
$$;

comment on function public.due_tasks(integer, integer) is
  'Returns the tasks that somebody has to take up now.';

revoke all on function public.due_tasks(integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.due_tasks(integer, integer) to actp_executor;
