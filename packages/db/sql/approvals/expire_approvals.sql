-- Writes down what time has done: overdue requests expire, unused permissions lapse, and what was redeemed and never
-- reported within p_unknown_after_seconds is unknown. Gives the ids that changed. Nothing depends on this being on time.
create or replace function public.expire_approvals(p_limit integer, p_unknown_after_seconds integer) returns setof uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  a public.actp_approval_queue;
begin
  for a in
    select * from public.actp_approval_queue q
    where q.status = 'pending' and q.expires_at <= clock_timestamp()
    order by q.expires_at limit p_limit for update skip locked
  loop
    perform public.expire_locked_approval(a);
    return next a.id;
  end loop;

  for a in
    select * from public.actp_approval_queue q
    where q.status = 'approved' and q.redeemed_at is null and q.lapsed_at is null
      and q.decided_at + make_interval(secs => q.grant_seconds) <= clock_timestamp()
    order by q.decided_at limit p_limit for update skip locked
  loop
    update public.actp_approval_queue q
    set lapsed_at = q.decided_at + make_interval(secs => q.grant_seconds), version = q.version + 1
    where q.id = a.id
    returning q.* into a;
    perform public.note_approval_event(a, 'lapsed');
    perform public.audit_approval(a, 'approval.lapse', 'denied', 'plane', null, '{}');
    return next a.id;
  end loop;

  for a in
    select * from public.actp_approval_queue q
    where q.redeemed_at is not null and q.outcome is null
      and q.redeemed_at + make_interval(secs => p_unknown_after_seconds) <= clock_timestamp()
    order by q.redeemed_at limit p_limit for update skip locked
  loop
    update public.actp_approval_queue q
    set outcome = 'unknown', outcome_at = clock_timestamp(), version = q.version + 1
    where q.id = a.id
    returning q.* into a;
    perform public.note_approval_event(a, 'unknown');
    perform public.audit_approval(a, 'approval.outcome', 'error', 'plane', jsonb_build_object('outcome', 'unknown'), '{}');
    return next a.id;
  end loop;
end;
$$;

comment on function public.expire_approvals(integer, integer) is
  'Marks overdue approvals as expired, unused grants as lapsed and unreported outcomes as unknown. Returns the ids that changed.';

revoke all on function public.expire_approvals(integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.expire_approvals(integer, integer) to actp_scheduler;
