-- Tells, too, which tasks are lost: cancelled by whoever asked, or taken up by another executor.
create or replace function public.hold_tasks(p_ids uuid[], p_holder text, p_seconds integer) returns setof uuid
language sql
security definer
set search_path = ''
as $$
  update public.actp_tasks q
  set held_until = clock_timestamp() + make_interval(secs => p_seconds), due_at = clock_timestamp() + make_interval(secs => p_seconds)
  where q.id = any (p_ids) and q.holder = p_holder and q.held_until > clock_timestamp() and q.status = 'running'
    and p_seconds between 1 and 3600
  returning q.id;
$$;

comment on function public.hold_tasks(uuid[], text, integer) is
  'Extends the hold of an executor on its tasks and returns those that it still holds.';

revoke all on function public.hold_tasks(uuid[], text, integer) from public, anon, authenticated, service_role;
grant execute on function public.hold_tasks(uuid[], text, integer) to actp_executor;
