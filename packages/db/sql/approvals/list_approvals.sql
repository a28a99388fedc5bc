-- Newest first, after the row (p_before_at, p_before_id); p_status as readers see it; p_agent: only this agent's own.
create or replace function public.list_approvals(
  p_status text, p_before_at timestamptz, p_before_id uuid, p_limit integer, p_agent text default null
) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(public.approval_json(page) order by page.created_at desc, page.id desc), '[]')
  from (
    select a.* from public.actp_approval_queue a
    where (p_before_at is null or (a.created_at, a.id) < (p_before_at, p_before_id))
      and (p_agent is null or coalesce(a.asked_by, a.requested_by) = p_agent)
      and (p_status is null
        or (p_status = 'pending' and a.status = 'pending' and a.expires_at > clock_timestamp())
        or (p_status = 'expired' and (a.status = 'expired' or (a.status = 'pending' and a.expires_at <= clock_timestamp())))
        or (p_status in ('approved', 'rejected', 'cancelled') and a.status = p_status))
    order by a.created_at desc, a.id desc
    limit p_limit
  ) page;
$$;

comment on function public.list_approvals(text, timestamptz, uuid, integer, text) is
  'Returns a page of approvals, newest first.';

revoke all on function public.list_approvals(text, timestamptz, uuid, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.list_approvals(text, timestamptz, uuid, integer, text) to actp_gateway;
