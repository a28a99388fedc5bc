-- What waits for a person, the most urgent first: {waiting, approvals}.
create or replace function public.waiting_approvals(p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'now', clock_timestamp(),
    'waiting', (select count(*) from public.actp_approval_queue a
                where a.status = 'pending' and a.expires_at > clock_timestamp()),
    'approvals', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', next.id, 'action', next.action, 'requested_by', next.requested_by,
        'agent_id', public.approval_asker(next), 'source', next.source, 'created_at', next.created_at, 'expires_at', next.expires_at)
        order by next.expires_at)
      from (
        select a.* from public.actp_approval_queue a
        where a.status = 'pending' and a.expires_at > clock_timestamp()
        order by a.expires_at
        limit p_limit
      ) next), '[]'));
$$;

comment on function public.waiting_approvals(integer) is
  'Returns the number of pending approvals and the most urgent of them.';

revoke all on function public.waiting_approvals(integer) from public, anon, authenticated, service_role;
grant execute on function public.waiting_approvals(integer) to actp_bot;
