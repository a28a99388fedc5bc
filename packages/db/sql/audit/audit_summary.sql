-- What happened since p_since and before p_until, for people: counts, actors, what went wrong.
create or replace function public.audit_summary(p_since timestamptz, p_until timestamptz) returns jsonb
language sql
stable
security definer
set search_path = ''
set jit = off
as $$
  with counted as (
    select l.action_type, l.agent_id, l.status,
      -- What the plane itself wrote; rows from before it was noted say nothing about it, and count as they did.
      coalesce(l.source = 'plane', true) as own,
      coalesce(l.source, 'unknown') as source, count(*) as n
    from public.actp_agent_audit_log l
    where l.created_at >= p_since and l.created_at < p_until
    group by 1, 2, 3, 4, 5
  ), believed as (
    -- The plane's words mean what the plane wrote: not what others call the same.
    select c.* from counted c where c.own or not actp_audit.is_plane_action(c.action_type)
  )
  select jsonb_build_object(
    'since', p_since,
    'until', p_until,
    'events', (select coalesce(sum(c.n), 0) from counted c),
    'top_actions', (
      select coalesce(jsonb_agg(jsonb_build_object('action_type', t.action_type, 'count', t.n) order by t.n desc, t.action_type), '[]')
      from (select c.action_type, sum(c.n) as n from believed c group by 1 order by 2 desc, 1 limit 10) t),
    'by_source', (
      select jsonb_object_agg(s.source, coalesce(b.n, 0))
      from unnest(array['plane', 'http', 'direct', 'unknown']) s (source)
      left join (select c.source, sum(c.n) as n from counted c group by 1) b using (source)),
    'not_counted', (select coalesce(sum(c.n), 0) from counted c where not c.own and actp_audit.is_plane_action(c.action_type)),
    'errors', (select coalesce(sum(c.n), 0) from believed c where c.status in ('error', 'failed', 'failure')),
    'denied', (select coalesce(sum(c.n), 0) from believed c where c.status = 'denied'),
    'unique_actors', (select count(distinct c.agent_id) from believed c),
    'approvals', jsonb_build_object(
      'requested', (select coalesce(sum(c.n), 0) from believed c where c.own and c.action_type = 'approval.request' and c.status = 'ok'),
      'approved', (select count(*) from public.actp_approval_queue a
        where a.status = 'approved' and a.decided_at >= p_since and a.decided_at < p_until),
      'rejected', (select count(*) from public.actp_approval_queue a
        where a.status = 'rejected' and a.decided_at >= p_since and a.decided_at < p_until),
      'expired', (select count(*) from public.actp_approval_queue a
        where a.status in ('expired', 'pending') and a.expires_at >= p_since and a.expires_at < least(p_until, now()))),
    'security_events', (select coalesce(sum(c.n), 0) from believed c where c.own and c.action_type like 'security.%'));
$$;

comment on function public.audit_summary(timestamptz, timestamptz) is
  'Summarises the audit events of a period for the weekly report.';

revoke all on function public.audit_summary(timestamptz, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.audit_summary(timestamptz, timestamptz) to actp_gateway, actp_auditor;
