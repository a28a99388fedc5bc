-- Writes down that time is over. The row must be locked, pending and overdue.
create or replace function public.expire_locked_approval(a public.actp_approval_queue) returns public.actp_approval_queue
language plpgsql
set search_path = ''
as $$
begin
  update public.actp_approval_queue q
  set status = 'expired', version = q.version + 1
  where q.id = a.id and q.status = 'pending'
  returning q.* into a;
  perform public.note_approval_event(a, 'expired');
  perform public.audit_approval(a, 'approval.expire', 'denied', 'plane', null, '{}');
  return a;
end;
$$;

comment on function public.expire_locked_approval(public.actp_approval_queue) is
  'Marks a locked, overdue approval as expired.';

revoke all on function public.expire_locked_approval(public.actp_approval_queue) from public, anon, authenticated, service_role;
