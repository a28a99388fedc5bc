-- Newest first, after the row (p_before_at, p_before_id); p_status as readers see it; p_agent: only this agent's own.
-- A page ends after a megabyte of details, with at least one approval in it; the last one then has cut: true. It is put together as text:
-- jsonb_agg takes a second for one value with many parts, so that a few large requests would close the list to everybody.
create or replace function public.list_approvals(
  p_status text, p_before_at timestamptz, p_before_id uuid, p_limit integer, p_agent text default null
) returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  with found as (
    select a as approval from public.actp_approval_queue a
    where (p_before_at is null or (a.created_at, a.id) < (p_before_at, p_before_id))
      and (p_agent is null or (coalesce(a.asked_by, a.requested_by) = p_agent and a.source is distinct from 'plane'))
      and (p_status is null
        or (p_status = 'pending' and a.status = 'pending' and a.expires_at > clock_timestamp())
        or (p_status = 'expired' and (a.status = 'expired' or (a.status = 'pending' and a.expires_at <= clock_timestamp())))
        or (p_status in ('approved', 'rejected', 'cancelled') and a.status = p_status))
    order by a.created_at desc, a.id desc
    limit p_limit
  ), sized as (
    select f.approval, row_number() over w as place, count(*) over () as of,
      coalesce(sum(octet_length((f.approval).details::text)) over (w rows between unbounded preceding and 1 preceding), 0) as before
    from found f
    window w as (order by (f.approval).created_at desc, (f.approval).id desc)
  ), page as (
    select s.*, max(s.place) over () as last from sized s where s.before < 1048576
  )
  select ('[' || coalesce(string_agg(
    (public.approval_json(p.approval)
      || case when p.place = p.last and p.last < p.of then '{"cut": true}' else '{}' end::jsonb)::text,
    ',' order by p.place), '') || ']')::jsonb
  from page p;
$$;

comment on function public.list_approvals(text, timestamptz, uuid, integer, text) is
  'Returns a page of approvals, newest first.';

revoke all on function public.list_approvals(text, timestamptz, uuid, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.list_approvals(text, timestamptz, uuid, integer, text) to actp_gateway;
