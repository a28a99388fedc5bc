-- What has waited longer than p_older_than_seconds, oldest first.
create or replace function public.due_notifications(p_older_than_seconds integer, p_limit integer) returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select n.id
  from public.actp_notifications n
  where (n.state = 'pending' or n.revision > n.sent_revision)
    and n.created_at <= clock_timestamp() - make_interval(secs => p_older_than_seconds)
  order by n.created_at
  limit least(p_limit, 500);
$$;

comment on function public.due_notifications(integer, integer) is
  'Returns the ids of notifications that have been unsent, or changed since they were sent, for the given time.';

revoke all on function public.due_notifications(integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.due_notifications(integer, integer) to actp_bot;
