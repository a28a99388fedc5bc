-- Days of which every row is older than p_days, and than what the owner has set, oldest first.
create or replace function public.old_audit_days(p_days integer) returns setof date
language sql
stable
security definer
set search_path = ''
as $$
  select distinct l.day from actp_audit.lanes l
  where l.day < (now() at time zone 'UTC')::date - greatest(p_days, (select r.days from actp_audit.retention r))
  order by l.day;
$$;

comment on function public.old_audit_days(integer) is
  'Lists the days that are older than the retention period, oldest first.';

revoke all on function public.old_audit_days(integer) from public, anon, authenticated, service_role;
grant execute on function public.old_audit_days(integer) to actp_auditor;
