-- Forgets the ids of days that are gone, some at a time; gives how many.
create or replace function public.forget_audit_event_ids(p_limit integer) returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from actp_audit.event_ids i
  where i.ctid = any (array(
    select o.ctid from actp_audit.event_ids o
    where o.day < (select coalesce(min(l.day), '-infinity') from actp_audit.lanes l)
    limit least(p_limit, 10000)));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function public.forget_audit_event_ids(integer) is
  'Deletes event ids of days that have been dropped, in batches. Returns how many were deleted.';

revoke all on function public.forget_audit_event_ids(integer) from public, anon, authenticated, service_role;
grant execute on function public.forget_audit_event_ids(integer) to actp_auditor;
