-- What other programs inserted and nobody has taken up: [{id, action, requested_by, details}]. The details are text:
-- numbers in them may be longer than a reader's own.
create or replace function public.unadopted_approvals(p_limit integer) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', new.id, 'action', new.action, 'requested_by', new.requested_by, 'details', new.details::text)), '[]')
  from (
    select * from public.actp_approval_queue a
    where a.status = 'pending' and a.action_digest is null and a.expires_at > clock_timestamp()
    order by a.created_at
    limit p_limit
  ) new;
$$;

comment on function public.unadopted_approvals(integer) is
  'Lists approval rows that other programs have inserted and that have no digest yet.';

revoke all on function public.unadopted_approvals(integer) from public, anon, authenticated, service_role;
grant execute on function public.unadopted_approvals(integer) to actp_scheduler;
