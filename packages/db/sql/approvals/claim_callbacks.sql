-- Takes what is due, of one approval or of all, and holds it for p_seconds: the time in which its deliverer has to end
-- it, before it is taken again. While the plane is held nobody is told what an older copy knows. Gives [{approval_id, version, type, at, url, attempt, traceparent, approval}].
create or replace function public.claim_callbacks(p_approval_id uuid, p_seconds integer, p_limit integer) returns jsonb
language sql
security definer
set search_path = ''
as $$
  with claimed as (
    update public.actp_approval_callbacks c
    set attempts = c.attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => p_seconds)
    from (
      select w.approval_id, w.version from public.actp_approval_callbacks w
      where public.plane_hold() is null and w.state = 'waiting' and w.next_attempt_at <= clock_timestamp()
        and (p_approval_id is null or w.approval_id = p_approval_id)
      order by w.next_attempt_at, w.version
      limit p_limit
      for update skip locked
    ) due
    where c.approval_id = due.approval_id and c.version = due.version
    returning c.*
  )
  -- As text, as in list_approvals.
  select ('[' || coalesce(string_agg(jsonb_build_object(
    'approval_id', claimed.approval_id, 'version', claimed.version, 'type', claimed.type, 'at', claimed.at,
    'url', a.callback_url, 'attempt', claimed.attempts, 'traceparent', a.traceparent,
    'approval', public.approval_json(a))::text, ','
    order by claimed.approval_id, claimed.version), '') || ']')::jsonb
  from claimed join public.actp_approval_queue a on a.id = claimed.approval_id;
$$;

comment on function public.claim_callbacks(uuid, integer, integer) is
  'Claims due callbacks for delivery for a limited time.';

revoke all on function public.claim_callbacks(uuid, integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_callbacks(uuid, integer, integer) to actp_scheduler;
